/** Contracts that are right, the odd ones above all: as plain data, as a file has them. */

const ALLOW = ['https://app.example.com']

export const rightContracts: Readonly<Record<string, unknown>> = {
  'the least there is': { origins: { allow: [] }, routes: { 'GET /': {} } },
  'any origin': { origins: { allow: '*' }, routes: { 'GET /public': {} } },
  'every kind of origin': {
    origins: {
      allow: [
        'https://app.example.com',
        'https://*.preview.example.com',
        'http://localhost:*',
        'https://shop-*.vercel.app',
        { pattern: 'https://*.example.org', example: 'https://pr-7.shop.example.org' },
        { pattern: 'http://*.localhost:*', example: 'http://shop.localhost:8080' },
        'http://[::1]:3000',
        'http://192.168.1.7:8080',
        'capacitor://localhost',
        'https://xn--bcher-kva.example',
        'null',
      ],
      deny: ['https://evil.example', 'https://*.evil.example', 'http://app.example.com'],
    },
    routes: { 'GET /orders': {} },
  },
  'a pattern that is denied beside an origin it matches': {
    origins: { allow: ALLOW, deny: ['https://*.example.com'] },
    routes: { 'GET /orders': {} },
  },
  'an origin denied in general and allowed on a route': {
    origins: { allow: ALLOW, deny: ['https://partner.example'] },
    routes: { 'GET /orders': {}, 'GET /partners': { origins: { allow: ['https://partner.example'] } } },
  },
  'every key of a route': {
    origins: { allow: ALLOW },
    defaults: {
      credentials: 'include',
      headers: ['content-type', ['x-page', '1']],
      extraHeaders: [['x-gate', 'open']],
      exposes: ['X-Total-Count', 'etag'],
      maxAge: 0,
      statuses: { 200: {}, 401: { without: ['authorization'] } },
      rate: '30/min',
      send: false,
    },
    routes: {
      'PATCH /shops/:shop/orders/:id': {
        origins: { allow: ['https://admin.example.com'], deny: ALLOW },
        credentials: 'same-origin',
        headers: { 'content-type': 'application/json', 'x-list': ['a', 'b'], 'x-number': 7 },
        extraHeaders: { 'x-gate': 'open', cookie: 'a=b' },
        exposes: [],
        maxAge: 600,
        params: { shop: 'a/b', id: 1 },
        query: { page: 2, q: 'ä' },
        body: { quantity: 2 },
        statuses: {
          200: {},
          401: { without: ['X-Number'] },
          404: { params: { id: 'none' } },
          500: {
            path: '/boom',
            query: { why: 'test' },
            headers: ['x-boom'],
            extraHeaders: { 'x-gate': 'shut' },
          },
        },
        rate: '0.5/s',
        send: true,
      },
    },
  },
  'a status without the type of a body': {
    origins: { allow: ALLOW },
    routes: { 'POST /orders': { body: {}, send: true, statuses: { 415: { without: ['content-type'] } } } },
  },
  'bodies that are a text, a list, or none': {
    origins: { allow: ALLOW },
    routes: {
      'POST /text': { body: 'a=b' },
      'POST /list': { body: [1, 2] },
      'POST /none': { body: null },
    },
  },
  'a parameter that every status has a value for': {
    origins: { allow: ALLOW },
    routes: {
      'GET /orders/:id': {
        statuses: { 200: { params: { id: 1 } }, 404: { params: { id: 'none' } }, 500: { path: '/boom' } },
      },
    },
  },
  'paths with colons, dots and percent signs': {
    origins: { allow: ALLOW },
    routes: {
      'GET /': {},
      'POST /v1/orders:batchGet': {},
      'GET /files/:name.json': { params: { name: 'a' } },
      'GET /caf%C3%A9/(menu)/~me;v=1/@all': {},
      'QUERY /orders': {},
      'PROPFIND /dav': {},
    },
  },
  'headers of one’s own that resemble others': {
    origins: { allow: ALLOW },
    routes: {
      'GET /orders': { headers: ['x-authorization', 'x-content-type', 'if-match', 'x-range', 'link', 'tag'] },
    },
  },
  'names that JavaScript has plans for': {
    origins: { allow: ALLOW },
    routes: {
      'GET /:constructor': { params: { constructor: 'x' }, query: { toString: '1', hasOwnProperty: 2 } },
    },
    environments: { constructor: { routes: { 'GET /:constructor': { maxAge: 5 } } } },
  },
  'environments that say a little': {
    origins: { allow: ALLOW },
    defaults: { credentials: 'include' },
    routes: { 'GET /orders': {}, 'GET /public': { origins: { allow: '*' }, credentials: 'omit' } },
    environments: {
      staging: {
        origins: { allow: ['https://staging.example.com'], deny: ALLOW },
        defaults: { extraHeaders: { 'x-gate': 'open' } },
        routes: { 'GET /public': { origins: { allow: [] } } },
      },
      production: {},
    },
  },
  'what editors and anchors add': {
    $schema: './contract.schema.json',
    'x-common': { maxAge: 600 },
    origins: { allow: ALLOW },
    routes: { 'GET /orders': {} },
  },
}
