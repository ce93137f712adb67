// Verdicts beside `new Headers` of the same responses, and beside the CORS logic of a peer, over recorded exchanges in rotation.
// Only what `evaluateCors` remembers by itself, page origins and URLs, is kept between calls: headers are read anew by every call.
import { register } from 'node:module'
import { evaluateCors } from 'expect-cors'
import { inTurn, ratio, table } from './measure.mjs'

register('../test/browsers/typescript-hooks.mjs', import.meta.url)
const { samples } = await import('./samples.ts')
const mentoss = await import(new URL('../node_modules/mentoss/dist/cors.js', import.meta.url))

const all = samples()
const inChromium = (list) => list.map((sample) => ({ ...sample, engine: 'chromium' }))
const allInChromium = inChromium(all)
const preflighted = allInChromium.filter((sample) => evaluateCors(sample).preflight.required)
const withOutcome = (wanted) => preflighted.filter((sample) => evaluateCors(sample).outcome === wanted)
const inStandard = ({ engine: _, ...sample }) => sample
if (all.length < 1000) throw new Error(`only ${all.length} samples`)

const nanoseconds = (value) => `${value.toFixed(0).padStart(6)} ns`
const perSecond = (value) =>
  `${Math.round(1e9 / value)
    .toLocaleString('en')
    .padStart(11)} /s`

/** The first contender is what the others are compared with; `aims` by name. */
function compare(title, list, contenders, aims = {}) {
  const results = inTurn(contenders, { count: list.length })
  table(
    `${title} (${list.length} distinct exchanges in rotation)`,
    Object.entries(results).map(([name, value]) => [
      name,
      nanoseconds(value),
      perSecond(value),
      ratio(value, results[Object.keys(contenders)[0]], aims[name]),
    ]),
  )
}

const NEW_HEADERS = 'new Headers(response)'

compare('A verdict, any recorded request', all, {
  [NEW_HEADERS]: (i) => new Headers((all[i].response ?? all[i].preflight).headers),
  'evaluateCors, standard': (i) => evaluateCors(all[i]),
  'evaluateCors, chromium': (i) => evaluateCors(allInChromium[i]),
})
// Of a blocked one it is as a rule the preflight that is refused, and no other response comes.
for (const [outcome, aim] of [
  ['allowed', 2.5],
  ['blocked', 1.5],
]) {
  const list = withOutcome(outcome)
  const standard = list.map(inStandard)
  compare(
    `A preflighted verdict: ${outcome}`,
    list,
    {
      [NEW_HEADERS]: (i) => new Headers((list[i].response ?? list[i].preflight).headers),
      'evaluateCors, standard': (i) => evaluateCors(standard[i]),
      'evaluateCors, chromium': (i) => evaluateCors(list[i]),
    },
    { 'evaluateCors, chromium': aim },
  )
}

// The peer takes Request and Response objects; ours are given the same header lines. Both start from what a test has in hand.
const peerInputs = all.flatMap((sample) => {
  if (sample.preflight === undefined || sample.response === undefined) return []
  try {
    const { request, preflight, response } = sample
    const { origin, url, method = 'GET', headers = [] } = request
    if (origin === 'null') return []
    const pairs = headers.map(([name, value]) => [name, value])
    return [
      {
        sample,
        origin,
        url,
        init: { method, headers: pairs },
        credentials: request.credentials === 'include',
        preflight: [...preflight.headers],
        response: [...response.headers],
      },
    ].filter(({ init }) => new Request(url, init) !== undefined)
  } catch {
    return []
  }
})

function peerVerdict({ origin, url, init, credentials, preflight, response }) {
  const request = new Request(url, init)
  try {
    if (!mentoss.isCorsSimpleRequest(request)) {
      const answer = new Response(null, { headers: preflight })
      mentoss.assertCorsResponse(answer, origin, true)
      new mentoss.CorsPreflightData(answer.headers).validate(request, origin)
    }
    mentoss.processCorsResponse(new Response(null, { headers: response }), origin, credentials)
    return 'allowed'
  } catch {
    return 'blocked'
  }
}
compare(
  "A full preflighted verdict, beside mentoss's CORS functions (jsdom has none that is a pure function)",
  peerInputs,
  {
    'mentoss 0.13': (i) => peerVerdict(peerInputs[i]),
    'evaluateCors, standard': (i) => evaluateCors(peerInputs[i].sample),
  },
)
