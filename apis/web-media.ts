/**
 * Media handles of the web platform: frames and samples, bitmaps, tracks, codecs, and the files of the
 * origin's private file system. Evidence for each line stands in docs/apis/web-media.md.
 */
import type { ApiDescription, CallbackArgument, OperationDescription, TypeDescription } from './schema.ts';

type Operations = Readonly<Record<string, OperationDescription>>;

function operations(names: readonly string[], operation: OperationDescription): Operations {
  return Object.fromEntries(names.map((name) => [name, operation]));
}

/* ------------------------------------------------------------------ what many have in common */

const closes: OperationDescription = { effects: [{ do: 'close', on: 'this' }], throws: 'never' };
const closesLater: OperationDescription = { effects: [{ do: 'close', on: 'this' }], isAsync: true };
const uses: OperationDescription = { effects: [{ do: 'use', on: 'this' }] };
const usesLater: OperationDescription = { ...uses, isAsync: true };
/** Closing rejects what is under way. */
const flushes: OperationDescription = {
  effects: [{ do: 'use', on: 'this', until: 'settled' }],
  isAsync: true,
};
const clones: OperationDescription = {
  effects: [{ do: 'duplicate', of: 'this', to: 'result', failure: 'throws' }],
};

/** Reads what it is given, at this place, and leaves it to its owner. */
const reads = (...places: string[]): OperationDescription => ({
  effects: places.map((on) => ({ do: 'use', on })),
});

const gives = (type: string): OperationDescription => ({ effects: [], returns: { type } });
const givesLater = (type: string): OperationDescription => ({ ...gives(type), isAsync: true });

/** A new handle of this kind. What it is made of stays as it was; made of one of its own kind, it is a duplicate. */
const makes = (kind: string): OperationDescription => ({
  effects: [
    { do: 'use', on: 'arg0' },
    { do: 'acquire', to: 'result', kind, failure: 'throws', when: { arg: 0, isNotKind: kind } },
    { do: 'duplicate', of: 'arg0', to: 'result', failure: 'throws', when: { arg: 0, isKind: kind } },
  ],
});

const makesLater = (kind: string, to = 'result'): OperationDescription => ({
  effects: [
    { do: 'use', on: 'this' },
    { do: 'acquire', to, kind, failure: 'throws' },
  ],
  isAsync: true,
});

/* ------------------------------------------------------------------ codecs */

/** What it makes goes to the callbacks that it is given, and they hold what they close over. */
const makesCodec = (kind: string, ...output: CallbackArgument[]): OperationDescription => ({
  effects: [
    { do: 'call', on: 'arg0.output', later: true, with: output },
    { do: 'keep', on: 'arg0' },
    { do: 'acquire', to: 'result', kind, failure: 'throws' },
  ],
});

const state = { tells: 'closed', equals: 'closed' } as const;

const codec = {
  methods: {
    configure: uses,
    encode: reads('this', 'arg0'),
    decode: uses,
    flush: flushes,
    reset: uses,
    close: closes,
  },
  properties: { state },
};

/* ------------------------------------------------------------------ transfer lists */

/** The elements of a transfer list are gone; what else the message holds is copied. */
const transfers = (...lists: string[]): OperationDescription => ({
  effects: lists.map((list) => ({ do: 'take', on: `${list}[*]` })),
});

const posts = transfers('arg1', 'arg1.transfer');
const port = { methods: { postMessage: posts } };

/* ------------------------------------------------------------------ streams of tracks */

/** A track of a stream belongs to whoever holds the stream. */
const lendsTrack: OperationDescription = {
  effects: [{ do: 'lend', to: 'result[0]', kind: 'MediaStreamTrack' }],
};

const keepsTrack: OperationDescription = { effects: [{ do: 'keep', on: 'arg0' }] };

/* ------------------------------------------------------------------ streams of frames */

/** Types of this file's own, but as a program writes them down. */
const STREAM = 'ReadableStream<VideoFrame>';
const READER = 'ReadableStreamDefaultReader<VideoFrame>';

/** What a reader gives is the reader's to close. */
const reader = {
  methods: {
    read: {
      effects: [
        {
          do: 'either',
          ways: [
            [
              { do: 'acquire', to: 'result.value', kind: 'VideoFrame' },
              { do: 'set', to: 'result.done', value: false },
            ],
            [{ do: 'set', to: 'result.done', value: true }],
          ],
        },
      ],
      returns: { type: 'ReadableStreamReadResult<VideoFrame>' },
      isAsync: true,
    },
    releaseLock: { effects: [] },
    cancel: { effects: [], isAsync: true },
  },
} as const satisfies TypeDescription;

/* ------------------------------------------------------------------ drawing */

/** Drawing reads the picture, whichever of the arguments it is in this form of the call. */
const drawing = {
  methods: {
    drawImage: reads('arg0'),
    createPattern: reads('arg0'),
    transferFromImageBitmap: { effects: [{ do: 'take', on: 'arg0' }] },
    texImage2D: reads('arg5'),
    texSubImage2D: reads('arg6'),
  },
} as const;

const canvas = {
  methods: {
    getContext: gives('RenderingContext'),
    transferToImageBitmap: {
      effects: [{ do: 'acquire', to: 'result', kind: 'ImageBitmap', failure: 'throws' }],
    },
    captureStream: gives('MediaStream'),
    transferControlToOffscreen: gives('OffscreenCanvas'),
  },
} as const;

export const webMedia: ApiDescription = {
  kinds: {
    VideoFrame: { label: 'video frame', closers: ['close'], closeTwice: 'harmless' },
    AudioData: { label: 'audio data', closers: ['close'], closeTwice: 'harmless' },
    ImageBitmap: { label: 'image bitmap', closers: ['close'], closeTwice: 'harmless' },
    MediaStreamTrack: { label: 'track', closers: ['stop'], closeTwice: 'harmless' },
    ImageDecoder: { label: 'image decoder', closers: ['close'], closeTwice: 'harmless' },
    VideoEncoder: { label: 'video encoder', closers: ['close'] },
    VideoDecoder: { label: 'video decoder', closers: ['close'] },
    AudioEncoder: { label: 'audio encoder', closers: ['close'] },
    AudioDecoder: { label: 'audio decoder', closers: ['close'] },
    AudioContext: { label: 'audio context', closers: ['close'] },
    FileSystemSyncAccessHandle: { label: 'sync access handle', closers: ['close'], closeTwice: 'harmless' },
    FileSystemWritableFileStream: { label: 'writable file', closers: ['close'] },
  },
  constructors: {
    VideoFrame: makes('VideoFrame'),
    AudioData: makes('AudioData'),
    ImageDecoder: {
      effects: [{ do: 'acquire', to: 'result', kind: 'ImageDecoder', failure: 'throws' }],
    },
    VideoEncoder: makesCodec('VideoEncoder'),
    VideoDecoder: makesCodec('VideoDecoder', { acquire: 'VideoFrame' }),
    AudioEncoder: makesCodec('AudioEncoder'),
    AudioDecoder: makesCodec('AudioDecoder', { acquire: 'AudioData' }),
    AudioContext: { effects: [{ do: 'acquire', to: 'result', kind: 'AudioContext', failure: 'throws' }] },
    OffscreenCanvas: gives('OffscreenCanvas'),
    ImageCapture: { effects: [{ do: 'use', on: 'arg0' }], returns: { type: 'ImageCapture' } },
    MediaStream: {
      effects: [{ do: 'keep', on: 'arg0[*]' }],
      returns: { type: 'MediaStream' },
    },
    MediaStreamTrackProcessor: gives('MediaStreamTrackProcessor'),
    Worker: gives('Worker'),
    MessageChannel: gives('MessageChannel'),
  },
  globals: {
    createImageBitmap: { ...makes('ImageBitmap'), isAsync: true },
    'document.createElement': gives('HTMLCanvasElement'),
    'navigator.mediaDevices.getUserMedia': givesLater('MediaStream'),
    'navigator.mediaDevices.getDisplayMedia': givesLater('MediaStream'),
    'navigator.storage.getDirectory': givesLater('FileSystemDirectoryHandle'),
    postMessage: posts,
    'self.postMessage': posts,
    structuredClone: transfers('arg1.transfer'),
  },
  types: {
    VideoFrame: { methods: { close: closes, clone: clones, copyTo: usesLater, allocationSize: uses } },
    AudioData: { methods: { close: closes, clone: clones, copyTo: uses, allocationSize: uses } },
    ImageBitmap: { methods: { close: closes } },
    MediaStreamTrack: {
      methods: {
        stop: closes,
        clone: clones,
        applyConstraints: usesLater,
        ...operations(['getSettings', 'getConstraints', 'getCapabilities'], { effects: [] }),
      },
    },
    MediaStream: {
      methods: {
        ...operations(['getTracks', 'getVideoTracks', 'getAudioTracks'], lendsTrack),
        addTrack: keepsTrack,
        clone: gives('MediaStream'),
      },
    },
    MediaStreamTrackProcessor: { properties: { readable: { type: STREAM } } },
    [STREAM]: { methods: { getReader: gives(READER) } },
    [READER]: reader,
    'ReadableStreamReadResult<VideoFrame>': { properties: { value: { type: 'VideoFrame' } } },
    RTCPeerConnection: { methods: { addTrack: keepsTrack } },
    ImageCapture: { methods: { grabFrame: makesLater('ImageBitmap') } },
    ImageDecoder: {
      methods: { decode: makesLater('VideoFrame', 'result.image'), reset: uses, close: closes },
    },
    VideoEncoder: codec,
    VideoDecoder: codec,
    AudioEncoder: codec,
    AudioDecoder: codec,
    AudioContext: {
      methods: { close: closesLater, suspend: usesLater, resume: usesLater },
      properties: { state },
    },
    FileSystemDirectoryHandle: {
      methods: {
        getDirectoryHandle: givesLater('FileSystemDirectoryHandle'),
        getFileHandle: givesLater('FileSystemFileHandle'),
      },
    },
    FileSystemFileHandle: {
      methods: {
        createSyncAccessHandle: makesLater('FileSystemSyncAccessHandle'),
        createWritable: makesLater('FileSystemWritableFileStream'),
      },
    },
    FileSystemSyncAccessHandle: {
      methods: { close: closes, read: uses, write: uses, flush: uses, truncate: uses, getSize: uses },
    },
    FileSystemWritableFileStream: {
      methods: {
        ...operations(['write', 'seek', 'truncate'], usesLater),
        close: closesLater,
        // Ends it, if nothing else has: aborting a closed one does nothing.
        abort: { effects: [{ do: 'keep', on: 'this' }], isAsync: true },
        getWriter: { effects: [{ do: 'keep', on: 'this' }] },
      },
    },
    ...Object.fromEntries(
      ['Worker', 'MessagePort', 'DedicatedWorkerGlobalScope', 'ServiceWorker', 'Client'].map((type) => [
        type,
        port,
      ]),
    ),
    MessageChannel: { properties: { port1: { type: 'MessagePort' }, port2: { type: 'MessagePort' } } },
    HTMLCanvasElement: canvas,
    OffscreenCanvas: canvas,
    // `RenderingContext` is what `getContext` gives, whichever it was asked for.
    ...Object.fromEntries(
      [
        'RenderingContext',
        'CanvasRenderingContext2D',
        'OffscreenCanvasRenderingContext2D',
        'ImageBitmapRenderingContext',
        'WebGLRenderingContext',
        'WebGL2RenderingContext',
      ].map((type) => [type, drawing]),
    ),
    GPUDevice: {
      methods: { importExternalTexture: reads('arg0.source') },
      properties: { queue: { type: 'GPUQueue' } },
    },
    GPUQueue: { methods: { copyExternalImageToTexture: reads('arg0.source') } },
  },
};
