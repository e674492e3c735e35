/** Lets other work of this thread through: its messages, an abort among them. */
export const nextTask = (): Promise<void> => new Promise((resume) => setTimeout(resume));
