import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSystemFile } from '../../../src/core/index.ts';

test('what a system keeps in folders for itself is told from what a person put there', () => {
  const theirs = [
    '.DS_Store',
    '._IMG_0001.jpg',
    'Thumbs.db',
    'ehthumbs.db',
    'desktop.ini',
    'Desktop.INI',
    'Icon\r',
    '.picasa.ini',
    '~$notes.docx',
    '__MACOSX/photo.jpg',
    'trip/__MACOSX/._a.jpg',
    '@eaDir',
    '$RECYCLE.BIN',
    'trip\\Thumbs.db',
  ];
  for (const name of theirs) assert.equal(isSystemFile(name), true, name);
  const persons = [
    'photo.jpg',
    'photo_depth.png',
    'DS_Store.jpg',
    'desktop.ini.png',
    'thumbs.jpg',
    'icon.png',
    '.hidden.jpg',
    '_depth.png',
    'trip/photo.jpg',
    'my desktop.ini files/photo.jpg',
    'model.onnx_data',
  ];
  for (const name of persons) assert.equal(isSystemFile(name), false, name);
});
