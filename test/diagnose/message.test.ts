import { describe, expect, test } from 'vitest'
import { alignEngines } from '../../src/diagnose/engines.js'
import { formatExchanges } from '../../src/diagnose/exchange.js'
import { failureMessage } from '../../src/diagnose/failure-message.js'
import { sendInstead } from '../../src/diagnose/send-instead.js'
import { ALLOWS, API, APP, journey } from './sample.js'

const ACAO = 'Access-Control-Allow-Origin'

describe('failureMessage', () => {
  test('a preflight behind a login', () => {
    const refused = journey({
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer abc' },
      credentials: 'include',
      preflight: [401, [['Server', 'nginx'], ['Set-Cookie', 'sid=abc'], ...ALLOWS]],
    })
    expect(
      failureMessage({
        hint: 'expect(endpoint).toAllowPreflight(expected)',
        journeys: [{ engine: 'chromium', journey: refused }],
      }),
    ).toMatchInlineSnapshot(`
      "PUT /orders from https://app.example.com: the preflight (OPTIONS https://api.example.com/orders) gets status 401, and a browser accepts only 200 to 299 before it sends PUT: its CORS headers are there, but authentication still refuses OPTIONS, and preflights never carry credentials.

      expect(endpoint).toAllowPreflight(expected)

      > OPTIONS https://api.example.com/orders
      > Access-Control-Request-Method: PUT
      > Access-Control-Request-Headers: authorization,content-type
      > Origin: https://app.example.com
      ✗ 401
      < Server: nginx
      < Set-Cookie: [redacted]
      < Access-Control-Allow-Origin: https://app.example.com
      < Access-Control-Allow-Credentials: true

      Send instead:
        status 204
        Access-Control-Allow-Methods: PUT
        Access-Control-Allow-Headers: authorization, content-type

      In nginx: Respond to the preflight in nginx, before auth_basic or auth_request run
        # in http { }; only for this origin: what others get stays as it is, and so do the existing lines
        map "$request_method $http_access_control_request_method $http_origin" $extra_cors_preflight {
          default 0;
          "~^OPTIONS \\S+ https://app\\.example\\.com$" 1;
        }
        map $http_origin $extra_cors_origin { default ""; "https://app.example.com" $http_origin; }
        map $sent_http_access_control_allow_origin $extra_cors_origin_once { default ""; "" $extra_cors_origin; }
        map "$sent_http_access_control_allow_credentials $extra_cors_origin" $extra_cors_credentials_once { default ""; "~^ ." true; }
        # in server { }, at its top
        if ($extra_cors_preflight) { rewrite ^ /cors-preflight last; }
        location = /cors-preflight {
          internal;
          add_header Access-Control-Allow-Origin $http_origin;
          add_header Vary Origin;
          add_header Access-Control-Allow-Credentials true;
          add_header Access-Control-Allow-Methods "GET, HEAD, POST, PUT, PATCH, DELETE";
          add_header Access-Control-Allow-Headers $http_access_control_request_headers;
          return 204;
        }
        # in server { }, and again below the add_header lines of each { } inside that has some, of an if too
        add_header Access-Control-Allow-Origin $extra_cors_origin_once always;
        add_header Vary Origin always;
        add_header Access-Control-Allow-Credentials $extra_cors_credentials_once always;

      Read on: node_modules/expect-cors/docs/errors/preflight-status.md"
    `)
  })

  test('two layers', () => {
    const doubled = journey({
      response: [
        200,
        [
          ['X-Powered-By', 'Express'],
          [ACAO, APP],
          [ACAO, APP],
        ],
      ],
    })
    expect(
      failureMessage({
        hint: `expect(response).toAllowOrigin('${APP}')`,
        sentence: `A page at ${APP} may not read this response.`,
        journeys: [{ engine: 'chromium', journey: doubled }],
        notes: ['A note.'],
      }),
    ).toMatchInlineSnapshot(`
      "GET /orders: a page at https://app.example.com may not read this response.
      The response to GET https://api.example.com/orders (status 200) has Access-Control-Allow-Origin on two lines (\`https://app.example.com\` and \`https://app.example.com\`), and only one is allowed: two layers, such as a proxy and the app behind it, probably both add it.
      A note.

      expect(response).toAllowOrigin('https://app.example.com')

      > GET https://api.example.com/orders
      > Origin: https://app.example.com
      < 200
      < X-Powered-By: Express
      ✗ Access-Control-Allow-Origin: https://app.example.com
      ✗ Access-Control-Allow-Origin: https://app.example.com

      Send instead:
        Access-Control-Allow-Origin: https://app.example.com
        Vary: Origin

      In express: Let only cors() add the headers, as it does now: remove the lines of the handler or proxy that adds them again

      Read on: node_modules/expect-cors/docs/errors/multiple-allow-origin.md"
    `)
  })

  test('engines that differ', () => {
    const ask = { headers: { Accept: 'é' }, preflight: [404, []] as const, response: [200, ALLOWS] as const }
    const journeys = (['chromium', 'firefox', 'webkit'] as const).map((engine) => ({
      engine,
      journey: journey({ ...ask, engine }),
    }))
    expect(
      failureMessage({ hint: 'expect(endpoint).toAllowCorsRequest()', journeys }),
    ).toMatchInlineSnapshot(`
      "GET /orders from https://app.example.com: Chromium and WebKit send no preflight and allow it; Firefox sends a preflight and blocks it (missing-allow-origin on the preflight).
      The preflight response (status 404) has no Access-Control-Allow-Origin header, so the browser does not send GET https://api.example.com/orders for https://app.example.com; either the server has no route for OPTIONS at this path and no CORS rules that run before its routes, or \`https://app.example.com\` is not on the server's list (some CORS rules pass a request on that they refuse).

      expect(endpoint).toAllowCorsRequest()

      Chromium and WebKit:
      > GET https://api.example.com/orders
      > Origin: https://app.example.com
      < 200
      < Access-Control-Allow-Origin: https://app.example.com
      < Access-Control-Allow-Credentials: true

      Firefox:
      > OPTIONS https://api.example.com/orders
      > Access-Control-Request-Method: GET
      > Access-Control-Request-Headers: accept
      > Origin: https://app.example.com
      ✗ 404
      ✗ missing: Access-Control-Allow-Origin

      Send instead:
        status 204
        Access-Control-Allow-Origin: https://app.example.com
        Vary: Origin
        Access-Control-Allow-Headers: accept

      The server was not recognized: configure({ server }), with the name of yours, shows where these lines go.

      Read on: node_modules/expect-cors/docs/errors/missing-allow-origin.md"
    `)
  })

  test('only what is given', () => {
    expect(failureMessage({ sentence: 'It is so.' })).toBe('It is so.')
    const blocked = journey({ response: [200, []] })
    const one = [{ engine: 'chromium', journey: { ...blocked.verdict } }] as const
    expect(failureMessage({ hint: 'h', explain: false, instead: false, journeys: one })).toBe(
      'h\n\nRead on: node_modules/expect-cors/docs/errors/missing-allow-origin.md',
    )
  })
})

describe('alignEngines', () => {
  const all = ['chromium', 'firefox', 'webkit'] as const
  test('says nothing where all do the same', () => {
    const verdicts = all.map((engine) => journey({ engine, response: [200, []] }).verdict)
    const { groups, line } = alignEngines(verdicts)
    expect(line).toBeNull()
    expect(groups).toHaveLength(1)
    expect(groups[0]?.engines).toEqual(all)
  })

  test('says who sends a preflight', () => {
    const verdicts = all.map((engine) => journey({ engine, headers: { 'Save-Data': 'on' } }).verdict)
    expect(alignEngines(verdicts.map((verdict) => ({ ...verdict, outcome: 'allowed' }))).line).toBe(
      'Chromium sends no preflight here; Firefox and WebKit do',
    )
  })

  test('says who allows and who blocks', () => {
    const verdicts = (['standard', ...all] as const).map(
      (engine) =>
        journey({
          engine,
          headers: { Authorization: 'Bearer abc' },
          preflight: [
            204,
            [
              [ACAO, '*'],
              ['Access-Control-Allow-Headers', '*'],
            ],
          ],
          response: [200, [[ACAO, '*']]],
        }).verdict,
    )
    expect(alignEngines(verdicts).line).toBe(
      'The Fetch Standard blocks it (header-not-allowed on the preflight); Chromium, Firefox and WebKit allow it',
    )
  })
})

describe('formatExchanges', () => {
  test('marks the line at fault and escapes what a terminal would obey', () => {
    const text = formatExchanges(
      journey({
        url: `${API}/orders?api_key=abc`,
        response: [
          200,
          [
            ['X-Odd', 'a\u001b[31mb'],
            ['X-Long', 'a'.repeat(2000)],
            ['X-Auth-Token', 'abc'],
            [ACAO, `${APP}/`],
          ],
        ],
      }),
    )
    expect(text).toMatchInlineSnapshot(`
      "> GET https://api.example.com/orders?api_key=[redacted]
      > Origin: https://app.example.com
      < 200
      ✗ Access-Control-Allow-Origin: https://app.example.com/
      < … and X-Odd, X-Long, X-Auth-Token, which decide nothing"
    `)
  })

  test('names what is missing, and what was meant to be it', () => {
    const text = formatExchanges(journey({ response: [404, [['Allow-Origin', '*']]] }))
    expect(text).toMatchInlineSnapshot(`
      "> GET https://api.example.com/orders
      > Origin: https://app.example.com
      < 404
      ✗ Allow-Origin: *  (no browser knows this name)
      ✗ missing: Access-Control-Allow-Origin"
    `)
  })
})

describe('sendInstead', () => {
  test('keeps what was right', () => {
    const found = journey({
      method: 'PATCH',
      preflight: [204, [...ALLOWS, ['Access-Control-Allow-Methods', 'GET, patch, DELETE']]],
    })
    expect(sendInstead(found)).toEqual({ lines: [['Access-Control-Allow-Methods', 'GET, DELETE, PATCH']] })
  })

  test('adds Origin to what Vary names', () => {
    const found = journey({ response: [200, [['Vary', 'Accept-Encoding']]] })
    expect(sendInstead(found)?.lines).toEqual([
      [ACAO, APP],
      ['Vary', 'Accept-Encoding, Origin'],
    ])
  })

  test('says only what is at fault where the answer is not known', () => {
    const { verdict } = journey({ method: 'PUT', preflight: [204, ALLOWS] })
    expect(sendInstead(verdict)).toEqual({ lines: [['Access-Control-Allow-Methods', 'PUT']] })
  })

  test('never names null with credentials', () => {
    expect(sendInstead(journey({ origin: 'null', response: [200, []] }))).toEqual({ lines: [[ACAO, '*']] })
    expect(sendInstead(journey({ origin: 'null', credentials: 'include', response: [200, []] }))).toBeNull()
  })

  test('has nothing to say where headers cannot help', () => {
    expect(sendInstead(journey({ url: 'http://api.example.com/' }))).toBeNull()
    expect(sendInstead(journey({ response: [200, ALLOWS] }))).toBeNull()
  })
})
