import { LitElement } from 'lit';
import { nextTask } from '../core/index.ts';

/** A component that is first rendered in a task of its own: nobody looks for it in the page's first moment, which would be one long task else. */
export class UnhurriedElement extends LitElement {
  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated) await nextTask();
    await super.scheduleUpdate();
  }
}
