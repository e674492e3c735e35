/** Lets the page's other work through. */
export const nextTask = (): Promise<void> => new Promise((resume) => setTimeout(resume));
