import { nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { strings } from '../strings.ts';
import { modelRow, type ModelRowHooks } from './model-row.ts';
import { SourceChoice } from './source-choice.ts';

/** Who may inpaint the open photo's hidden parts: what is always here, each model, the person's own. */
@customElement('inpaint-sources')
export class InpaintSources extends SourceChoice {
  override render() {
    const { models, open, wished } = this.desk;
    if (!open) return nothing;
    const hooks: ModelRowHooks = {
      models,
      pick: 'radio',
      current: wished.inpainter,
      onUse: (id) => void this.desk.useInpainter(id),
      onFetch: (id) => void this.desk.fetchInpaintModel(id),
    };
    const plain = this.plain.map(({ id, label, about }) =>
      this.plainRow(id, label, about || strings.inpaint.noModelNeeded, wished.inpainter === id, () => void this.desk.useInpainter(id)),
    );
    return this.choice(
      strings.inpaint.by,
      plain,
      strings.inpaint.byModel,
      models.inpaintModels.map((info) => modelRow(info, hooks)),
    );
  }
}
