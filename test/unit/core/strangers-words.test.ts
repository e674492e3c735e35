/** What is asked of words and names that strangers chose. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLink, isPlainLabel, isPublicHost, lookOf } from '../../../src/core/index.ts';

test('a link begins with http:// or https://; the name of a file is none, whatever URL takes it for', () => {
  for (const link of ['https://example.org/x.js', 'HTTPS://example.org/x.js', 'http://localhost:8000/x.js']) assert.ok(isLink(link), link);
  for (const name of [
    'a:b.js',
    'https:x.js',
    'c:\\x.js',
    'blob:x.js',
    'data:text/javascript,1',
    'javascript:x.js',
    ' https://example.org/',
  ])
    assert.ok(!isLink(name), name);
});

test('a host of the internet has a name; those of a device, of a local network and of a cloud’s inside have none that counts', () => {
  for (const name of ['tiles.example.org', 'xn--bcher-kva.example.com', 'a.b.c.dev', 'internal.example.org', 'lan.example.org'])
    assert.ok(isPublicHost(name), name);
  const local = [
    ...['localhost', 'x.localhost', 'router', 'router.local', 'nas.lan', 'pi.home', 'printer.home.arpa', '1.0.0.10.in-addr.arpa'],
    ...['metadata.google.internal', 'ip-10-0-0-1.ec2.internal', 'wiki.corp', 'db.private', 'x.localdomain', 'fritz.box', 'my.fritz.box'],
    ...['host.docker.internal', 'x.test', 'x.invalid', 'x.onion', 'gateway.docker.internal'],
  ];
  const figures = [
    ...['127.0.0.1', '127.1', '10.0.0.1', '2130706433', '0x7f000001', '0x7f.1', '0177.0.0.1', '1.2.3.0x7f', '1.2.3.4.', '::1', '[::1]'],
    ...['[::ffff:127.0.0.1]', '①②⑦.0.0.1', '127.0.0.1:80', '169.254.169.254', '0.0.0.0', '1.2.3.4.5'],
  ];
  const odd = [
    '',
    'com',
    'example.org.',
    'Example.org',
    '*.example.org',
    '-a.org',
    'a-.org',
    'a..org',
    'exa mple.org',
    'bücher.example',
    `${'a'.repeat(64)}.org`,
  ];
  for (const name of [...local, ...figures, ...odd]) assert.ok(!isPublicHost(name), name);
});

test('a label shows each of its characters, on one line', () => {
  for (const label of [
    'Tilt',
    'Mesh (OBJ)',
    '×2',
    '–',
    'Tiefe (größer)',
    '深度マップ',
    'गहराई का नक्शा',
    'ความลึก',
    'Crème brûlée',
    'Độ sâu',
  ])
    assert.ok(isPlainLabel(label, 60), label);
  const none = ['', ' ', '\u00A0', '\u3000', '\u200B', '\u3164', '\u2800', '\u115F', '\uFFA0', '\uFE0F', '\u034F', '\u{E0041}', '\u0301'];
  const odd = [
    ...[
      'safe\u202Egnp.exe',
      'a\u2066b',
      'Ti\u00ADlt',
      'Ti\u200Dlt',
      'Tilt ',
      ' Tilt',
      'Two  blanks',
      'Two\nlines',
      'a\tb',
      'no\u00A0break',
    ],
    ...['a\uD800', 'x\u0007', 'a\uE000', `z${'\u0321'.repeat(5)}`, 'a \u0301b', 'x'.repeat(61)],
  ];
  for (const label of [...none, ...odd, undefined, 7, ['Tilt']]) assert.ok(!isPlainLabel(label, 60), JSON.stringify(label));
});

test('labels that people take for one another look alike; others do not', () => {
  for (const [one, other] of [
    ['Depth Anything V2 small', 'depth anything v2 SMALL'],
    ['Depth Anything V2 small', 'Depth-Anything V2 small.'],
    ['Depth Anything V2 small', 'Depth Аnуthing V2 smаll'],
    ['MiDaS', 'MlDaS'],
    ['LaMa', 'LаМа'],
    ['Loop', 'L00p'],
    ['Picture', 'Picturé'],
    ['Web page', '\uFF37eb page'],
  ] as const)
    assert.equal(lookOf(one), lookOf(other), `${one} and ${other}`);
  for (const [one, other] of [
    ['Depth map', 'Depth maps'],
    ['×2', '×3'],
    ['+', '−'],
    ['深度', '深さ'],
  ] as const)
    assert.notEqual(lookOf(one), lookOf(other), `${one} and ${other}`);
});
