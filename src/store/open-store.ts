import { createStore, type UseStore } from 'idb-keyval';
import { isFull } from './make-room.ts';

/** The records of a database. What fails is tried once more on another connection: Safari closes those of pages that slept. */
export function openStore(name: string): UseStore {
  let store = createStore(name, 'records');
  return (mode, use) =>
    store(mode, use).catch((error: unknown) => {
      if (isFull(error)) throw error;
      store = createStore(name, 'records');
      return store(mode, use);
    });
}
