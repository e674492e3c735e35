/** What a person chose for the page. */
export interface PageWords {
  title: string;
  alt: string;
  credit: string;
  /** Language of these texts, as BCP 47 has it. */
  lang: string;
  /** `#rrggbb`. */
  background: string;
  motion: 'auto' | 'none';
}

/** The parts of the page that are no text, as base64. */
export interface PageFiles {
  glb: readonly string[];
  poster: string;
}

/** The scripts of the page, as the build made them. */
export interface PageScripts {
  /** Unpacks the others; its text and its hash as a content policy names it. */
  open: string;
  openHash: string;
  /** The element, gzip and base64, and the hash of its text. */
  element: string;
  elementHash: string;
  /** The worker that draws where there is no graphics card, gzip and base64. */
  draw: string;
}

const PLAIN_BACKGROUND = '#101114';
const UNTITLED = '3D photo';

/**
 * The page, in parts that belong together. What a person wrote cannot become markup, and whatever stood in the page could ask nobody for
 * anything: its policy allows two scripts by their hashes, workers of its own, and no request.
 */
export function pageOf(words: PageWords, { glb, poster }: PageFiles, scripts: PageScripts): string[] {
  const background = /^#[\da-f]{6}$/i.test(words.background) ? words.background : PLAIN_BACKGROUND;
  const title = escaped(words.title) || UNTITLED;
  const alt = escaped(words.alt) || title;
  const credit = escaped(words.credit);
  const lang = /^[a-z]{2,3}(-[a-z\d]{2,8})*$/i.test(words.lang) ? words.lang : 'en';
  const policy = [
    "default-src 'none'",
    `script-src '${scripts.openHash}' '${scripts.elementHash}'`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return [
    `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Unflat">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>
html, body { height: 100%; margin: 0 }
body { display: flex; flex-direction: column; background: ${background}; color: ${textOn(background)}; font: 15px/1.5 system-ui, sans-serif }
h1 { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
main { display: flex; flex: 1; flex-direction: column; min-height: 0 }
.photo { position: relative; flex: 1; min-height: 0 }
unflat-photo, unflat-photo > img { position: absolute; inset: 0; width: 100%; height: 100%; --unflat-touch-action: none }
unflat-photo > img { object-fit: contain }
p { margin: 0; padding: 10px 16px; text-align: center; overflow-wrap: anywhere }
</style>
</head>
<body>
<main>
<h1 dir="auto">${title}</h1>
<div class="photo"><unflat-photo alt="${alt}" motion="${words.motion}"><img slot="poster" alt="${alt}" src="data:image/jpeg;base64,${poster}"></unflat-photo></div>
${credit && `<p dir="auto">${credit}</p>\n`}</main>
<script type="application/octet-stream" id="element">${scripts.element}</script>
<script type="application/octet-stream" id="draw">${scripts.draw}</script>
<script type="application/octet-stream" id="photo">`,
    ...glb,
    `</script>
<script>${scripts.open}</script>
</body>
</html>
`,
  ];
}

/** One line of text as markup and as an attribute's value: nothing in it is markup, or turns the direction of what stands around it. */
function escaped(text: string): string {
  return (
    text
      // Control characters and the line ends of Unicode are spaces here.
      .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
      // What forces a direction could show a name backwards, and reaches beyond the text: a browser's tab has no element to end it.
      .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
      .trim()
      .replace(/[&<>"'`]/g, (letter) => `&#${letter.codePointAt(0)};`)
  );
}

/** Black or white, whichever stands out from the colour: by the contrast of WCAG 2.2, which is 4.5 or more for one of them. */
function textOn(colour: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000000' : '#ffffff';
}
