/** The programs that get faults: those beside this file, and sources of a published package. */
import { readFileSync } from 'node:fs';
import { listFiles, root } from '../package/sources.ts';
import { mutationsOf } from './mutations.ts';
import type { Mutation } from './mutations.ts';
import { protocolsOf } from './protocols.ts';
import { lint } from './trial.ts';
import { unmarkedMutationsOf } from './unmarked.ts';
import type { Openers } from './unmarked.ts';

export interface Source {
  /** `API/FILE`. */
  readonly name: string;
  readonly api: string;
  readonly path: string;
  readonly text: string;
  /** What stands in `settings.handles`. */
  readonly settings: object;
  readonly mutations: readonly Mutation[];
}

const PROGRAMS = 'tests/seeded/programs';
const SETTINGS = /^\/\/ settings: (.*)$/m;

export function programs(): Source[] {
  return listFiles(PROGRAMS, '.ts')
    .map((path) => ({ path, text: readFileSync(root + path, 'utf8') }))
    .filter(({ text }) => / \/\/ opens /.test(text))
    .map(({ path, text }) => {
      const name = path.slice(PROGRAMS.length + 1);
      const settings = JSON.parse(SETTINGS.exec(text)?.[1] ?? '{}') as object;
      const mutations = mutationsOf(text, protocolsOf(settings));
      return { name, api: name.split('/')[0]!, path, text, settings, mutations };
    });
}

const MEDIABUNNY = 'node_modules/mediabunny/src';
const SAMPLES = {
  apis: {
    videoSamples: {
      type: 'VideoSample',
      close: 'close',
      duplicate: 'clone',
      closeTwice: 'harmless',
      makes: { toVideoFrame: 'VideoFrame' },
    },
    audioSamples: {
      type: 'AudioSample',
      close: 'close',
      duplicate: 'clone',
      closeTwice: 'harmless',
      makes: { toAudioData: 'AudioData' },
    },
  },
};
const SAMPLE_OPENERS: Openers = {
  classes: ['VideoSample', 'AudioSample', 'VideoFrame', 'AudioData'],
  calls: ['clone', 'toVideoFrame', 'toAudioData'],
  readers: ['encode', 'drawImage', 'copyTo', 'texImage2D', 'split'],
};

export function mediabunny(): Source[] {
  return listFiles(MEDIABUNNY, '.ts')
    .map((path): Source => {
      const text = readFileSync(root + path, 'utf8');
      const name = path.replace('node_modules/', '');
      // What is reported anyhow is no fault of the mutation.
      const known = new Set(lint(text, SAMPLES).map(({ rule, line }) => `${rule}:${line}`));
      const mutations = unmarkedMutationsOf(text, SAMPLE_OPENERS).filter(
        ({ wanted }) => !wanted.some((each) => known.has(each)),
      );
      return { name, api: 'mediabunny', path, text, settings: SAMPLES, mutations };
    })
    .filter(({ mutations }) => mutations.length > 0);
}
