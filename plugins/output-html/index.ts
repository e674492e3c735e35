import { defineOutput, throwIfAborted, writePoster, writeScene } from 'unflat/plugin';
import { base64 } from './base64.ts';
import { pageOf } from './page-of.ts';
import { canCompress } from '../shared/can-compress.ts';
import { pauses } from '../shared/pauses.ts';
import { PICTURE_QUALITY_OPTION, pictureQualityOf } from '../shared/picture-quality-option.ts';

/** More than this a picture that is seen for a moment is not worth. */
const MOST_POSTER_BYTES = 16_000;

/** A web page in one file: the 3D photo, the element that shows it and the flat photo. */
export default defineOutput({
  id: 'output-html',
  label: 'Web page',
  group: 'page',
  products: [{ id: 'html', label: 'Web page (HTML)', suffixes: ['.html'] }],
  options: [
    { id: 'title', label: 'Title', type: 'text', default: '', maxLength: 200, help: 'Shown in the browser’s tab. Empty: “3D photo”.' },
    {
      id: 'alt',
      label: 'Description',
      type: 'text',
      default: '',
      maxLength: 1000,
      help: 'What the photo shows, for people who cannot see it.',
    },
    { id: 'credit', label: 'Credit line', type: 'text', default: '', maxLength: 200, help: 'Stands below the photo.' },
    {
      id: 'lang',
      label: 'Language',
      type: 'text',
      default: 'en',
      maxLength: 35,
      help: 'In which language these texts are read aloud: en, de, he, pt-BR …',
    },
    { id: 'background', label: 'Background', type: 'colour', default: '#101114' },
    {
      id: 'motion',
      label: 'Motion',
      type: 'choice',
      default: 'auto',
      choices: [
        { value: 'auto', label: 'Sways, and follows the tilt of the device' },
        { value: 'none', label: 'Only when moved by hand' },
      ],
    },
    PICTURE_QUALITY_OPTION,
  ],
  supports: canCompress,

  async write({ scene, options }, context) {
    const { signal, progress } = context;
    throwIfAborted(signal);
    const pause = pauses(context);
    const glb = await writeScene(scene, { quality: pictureQualityOf(options) }, (fraction) => pause(0.9 * fraction));
    const poster = await writePoster(scene, MOST_POSTER_BYTES);
    throwIfAborted(signal);
    const scripts = await import('#unflat/page-scripts');
    const words = (id: string): string => String(options[id] ?? '');
    const parts = pageOf(
      {
        title: words('title'),
        alt: words('alt'),
        credit: words('credit'),
        lang: words('lang'),
        background: words('background'),
        motion: words('motion') === 'none' ? 'none' : 'auto',
      },
      { glb: base64(new Uint8Array(await glb.arrayBuffer())), poster: base64(poster).join('') },
      scripts,
    );
    throwIfAborted(signal);
    progress(1);
    return { suffix: '.html', blob: new Blob(parts, { type: 'text/html' }) };
  },
});
