/** What the recorder's server sent, by the kind that a rule names: type and body. */

interface Kind {
  readonly type: string
  /** `{{uses}}` is how often its rule had answered before. */
  readonly body: string | Buffer
}

const text = 'text/plain'

export const kinds: Readonly<Record<string, Kind>> = {
  text: { type: text, body: 'ok' },
  n: { type: text, body: 'n={{uses}}' },
  json: { type: 'application/json', body: '{"a":1}' },
  html: { type: 'text/html', body: '<!doctype html><p>hi' },
  /** A document of the recorder's own. */
  boot: { type: 'text/html', body: 'ok' },
  sse: { type: 'text/event-stream', body: 'data: hi\n\n' },
  css: { type: 'text/css', body: '#t{color:rgb(1,2,3)}' },
  js: { type: 'text/javascript', body: 'self.__ran=1' },
  module: { type: 'text/javascript', body: 'self.__ran=1;export const a=1' },
  jsthrow: { type: 'text/javascript', body: 'throw new TypeError("secret")' },
  vtt: { type: 'text/vtt', body: 'WEBVTT\n\n00:00.000 --> 00:01.000\nhi\n' },
  svg: {
    type: 'image/svg+xml',
    body: '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"><path id="a"/></svg>',
  },
  manifest: { type: 'application/manifest+json', body: '{}' },
  worker: { type: 'text/javascript', body: 'postMessage({origin:self.origin})' },
  importer: { type: 'text/javascript', body: 'import "./dep.mjs";self.__ran=1' },
  /** 2 by 2 points. */
  png: {
    type: 'image/png',
    body: Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR42mPgEpEDIgYIBQAGTgDx0GKdDgAAAABJRU5ErkJggg==',
      'base64',
    ),
  },
  wav: { type: 'audio/wav', body: Buffer.from('RIFF') },
  font: { type: 'font/ttf', body: Buffer.from('\0\x01\0\0') },
}
