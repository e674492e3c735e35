import { LitElement, css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { DepthMap } from '../../core/index.ts';
import { greyOf } from '../flat-image.ts';
import { strings } from '../strings.ts';
import { shared } from '../styles/shared.ts';

/** A depth map as a grey picture, nearest white. Its place keeps the photo's shape, so nothing jumps. */
@customElement('depth-preview')
export class DepthPreview extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        justify-items: center;
        overflow: hidden;
        border-radius: 10px;
        background: var(--sunken);
      }
      canvas {
        display: block;
        max-width: 100%;
        height: min(240px, 27dvh);
        width: auto;
        object-fit: contain;
      }
    `,
  ];

  @property({ attribute: false }) depth: DepthMap | undefined;
  @query('canvas') private canvas!: HTMLCanvasElement;

  override render() {
    return html`<canvas role="img" aria-label=${strings.depth.mapAlt}></canvas>`;
  }

  override updated(): void {
    const { depth, canvas } = this;
    if (!depth) return;
    canvas.width = depth.width;
    canvas.height = depth.height;
    canvas.getContext('2d')?.putImageData(greyOf(depth), 0, 0);
  }
}
