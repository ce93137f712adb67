// Runs in a window, a sandboxed frame or a worker: carries out one request and says how it ended, as plain data.

function bodyOf(body) {
  const value = body.value ?? 'x'
  switch (body.type) {
    case 'text':
      return value
    case 'urlsearchparams':
      return new URLSearchParams(body.value ?? 'a=1')
    case 'formdata': {
      const form = new FormData()
      form.append('a', '1')
      return form
    }
    case 'blob':
      return new Blob([value], body.mime === undefined ? {} : { type: body.mime })
    case 'uint8array':
      return new TextEncoder().encode(value)
    case 'arraybuffer':
      return new TextEncoder().encode(value).buffer
    case 'stream':
      return new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode(value))
          controller.close()
        },
      })
    default:
      throw new Error(`unknown body ${body.type}`)
  }
}

const byName = ([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)
const sorted = (headers) => [...headers].map(([name, value]) => [name.toLowerCase(), value]).sort(byName)
const described = (error) => ({ error: error?.name ?? String(error), message: error?.message ?? '' })

/** Whatever an engine does, a step ends. */
function limited(outcome, abort) {
  const late = new Promise((resolve) => {
    setTimeout(() => {
      abort()
      resolve({ outcome: 'timeout' })
    }, 8000)
  })
  return Promise.race([outcome, late])
}

const other = { headers: [['X-Other', '1']] }

function appended(headers, lines) {
  for (const [name, value] of lines) headers.append(name, value)
  return headers
}

/** How a page gives a request its headers: each makes the arguments of `fetch`, but for the signal. test/recordings/page-run.ts has the same. */
const ways = {
  request: (url, init) => [new Request(url, init), {}],
  fetch: (url, init) => [url, init],
  record: (url, init) => [url, { ...init, headers: Object.fromEntries(init.headers) }],
  headers: (url, init) => [url, { ...init, headers: new Headers(init.headers) }],
  'appended-headers': (url, init) => [url, { ...init, headers: appended(new Headers(), init.headers) }],
  'copied-headers': (url, init) => [url, { ...init, headers: new Headers(new Headers(init.headers)) }],
  'request-of-headers': (url, init) => [
    new Request(url, { ...init, headers: new Headers(init.headers) }),
    {},
  ],
  'headers-of-request': (url, init) => [url, { ...init, headers: new Request(url, init).headers }],
  entries: (url, init) => [url, { ...init, headers: [...new Headers(init.headers)] }],
  'copied-request': (url, init) => [new Request(new Request(url, init)), {}],
  'copied-request-with-init': (url, init) => [new Request(new Request(url, init), { cache: 'default' }), {}],
  clone: (url, init) => [new Request(url, init).clone(), {}],
  'replaced-in-request': (url, init) => {
    return [new Request(new Request(url, { ...init, ...other }), { headers: init.headers }), {}]
  },
  'replaced-in-fetch': (url, init) => [new Request(url, { ...init, ...other }), { headers: init.headers }],
  'appended-to-request': (url, { headers, ...init }) => {
    const request = new Request(url, init)
    appended(request.headers, headers)
    return [request, {}]
  },
  'appended-to-clone': (url, init) => {
    const request = new Request(url, init).clone()
    appended(request.headers, init.headers.slice(0, 1))
    return [request, {}]
  },
  set: (url, init) => {
    const request = new Request(url, init)
    const [name, value] = init.headers.at(-1)
    request.headers.set(name, value)
    return [request, {}]
  },
  deleted: (url, init) => {
    const request = new Request(url, init)
    request.headers.delete(init.headers[0][0])
    appended(request.headers, init.headers.slice(1))
    return [request, {}]
  },
}

async function runFetch(step, url) {
  const init = {}
  for (const key of ['method', 'mode', 'credentials', 'redirect', 'cache', 'referrerPolicy']) {
    if (step[key] !== undefined) init[key] = step[key]
  }
  if (step.headers?.length > 0) init.headers = step.headers
  let input
  let more
  try {
    if (step.body) {
      init.body = bodyOf(step.body)
      if (step.body.type === 'stream') init.duplex = 'half'
    }
    ;[input, more] = ways[step.given ?? 'request'](url, init)
  } catch (error) {
    return { outcome: 'rejected', stage: 'construct', ...described(error) }
  }
  const shown =
    input instanceof Request ? { requestMethod: input.method, requestHeaders: sorted(input.headers) } : {}
  const controller = new AbortController()
  const run = async () => {
    let response
    try {
      response = await fetch(input, { ...more, signal: controller.signal })
    } catch (error) {
      return { outcome: 'rejected', ...described(error), ...shown }
    }
    const { type, status, statusText, ok, redirected } = response
    const headers = sorted(response.headers)
    const head = { outcome: 'resolved', type, status, statusText, ok, redirected, url: response.url, headers }
    try {
      return { ...head, body: await response.text(), ...shown }
    } catch (error) {
      return { ...head, body: null, ...shown, bodyError: error.name }
    }
  }
  return limited(run(), () => controller.abort())
}

function runXhr(step, url) {
  const xhr = new XMLHttpRequest()
  const events = []
  const saw = (name) => {
    if (events.at(-1) !== name) events.push(name)
  }
  const outcome = new Promise((resolve) => {
    let stage = 'open'
    let loaded = false
    const end = () => {
      saw('loadend')
      const rawHeaders = xhr.getAllResponseHeaders()
      const lines = rawHeaders.split('\r\n').filter(Boolean)
      const headers = sorted(
        lines.map((line) => [line.split(': ', 1)[0], line.slice(line.indexOf(': ') + 2)]),
      )
      const { status, statusText, responseURL, responseText } = xhr
      const state = { status, statusText, url: responseURL, rawHeaders, headers, body: responseText, events }
      resolve({ outcome: loaded ? 'resolved' : 'rejected', ...state })
    }
    try {
      xhr.open(step.method ?? 'GET', url, true)
      if (step.withCredentials) xhr.withCredentials = true
      stage = 'setRequestHeader'
      for (const [name, value] of step.headers ?? []) xhr.setRequestHeader(name, value)
      for (const name of ['loadstart', 'progress', 'load', 'error', 'abort', 'timeout']) {
        xhr.addEventListener(name, () => saw(name))
      }
      if (step.uploadListeners) {
        for (const name of ['loadstart', 'progress', 'load', 'error', 'abort', 'loadend']) {
          xhr.upload.addEventListener(name, () => saw(`upload.${name}`))
        }
      }
      xhr.addEventListener('load', () => {
        loaded = true
      })
      xhr.addEventListener('loadend', end)
      stage = 'send'
      xhr.send(step.body ? bodyOf(step.body) : null)
    } catch (error) {
      resolve({ outcome: 'rejected', stage, ...described(error), events })
    }
  })
  return limited(outcome, () => xhr.abort())
}

function runEventSource(step, url) {
  const events = []
  let source
  const outcome = new Promise((resolve) => {
    try {
      source = new EventSource(url, step.withCredentials ? { withCredentials: true } : {})
    } catch (error) {
      resolve({ outcome: 'rejected', stage: 'construct', ...described(error) })
      return
    }
    let opened = false
    let body = null
    const end = () => {
      const { readyState, withCredentials } = source
      source.close()
      const state = { readyState, events, body, url: source.url, withCredentials }
      resolve({ outcome: opened ? 'resolved' : 'rejected', ...state })
    }
    source.onopen = () => {
      opened = true
      events.push('open')
    }
    source.onmessage = (message) => {
      events.push('message')
      body = message.data
      end()
    }
    source.onerror = () => {
      events.push('error')
      end()
    }
  })
  return limited(outcome, () => source?.close())
}

/** Several at once, in short. */
async function runFetches(step, url) {
  const all = await Promise.all(step.list.map((init) => runFetch(init, url)))
  return {
    outcome: 'resolved',
    body: all.map(({ outcome, body }) => [outcome, body].join(' ').trim()).join(', '),
  }
}

/** One step of a scenario. */
globalThis.runStep = async (step, url) => {
  try {
    if (step.api === 'fetch') return await runFetch(step, url)
    if (step.api === 'fetches') return await runFetches(step, url)
    if (step.api === 'xhr') return await runXhr(step, url)
    return await runEventSource(step, url)
  } catch (error) {
    return { outcome: 'recorder-error', ...described(error) }
  }
}
