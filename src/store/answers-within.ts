import { promisifyRequest, type UseStore } from 'idb-keyval';

/** Asks a database something easy. @throws what it throws, or an Error where it says nothing in that time. */
export async function answersWithin(patienceMs: number, store: UseStore): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The database does not answer.')), patienceMs);
  });
  try {
    await Promise.race([store('readonly', (records) => promisifyRequest(records.count())), late]);
  } finally {
    clearTimeout(timer);
  }
}
