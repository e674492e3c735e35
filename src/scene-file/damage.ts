/** What is wrong with a file, as the end of a sentence for people; whoever opens it adds its name and what to do. */
export class Damage extends Error {}
