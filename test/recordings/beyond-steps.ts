/** How a simulated page does what a step of a recording asks for, by the step's kind. What each comes to has the form of the recorder's. */

import type { PageEventSource } from '../../src/page/event-source.js'
import { isLoginPromptError } from '../../src/page/login-prompt-error.js'
import type { Page } from '../../src/page/open-page.js'
import type { PageRequest } from '../../src/page/request-class.js'
import type { BeyondBody, BeyondOutcome, BeyondStep } from './beyond.js'
import { elementRunners, headErrors } from './beyond-elements.js'

/** Does a step; its URLs are filled in. */
export type StepRunner = (page: Page, step: BeyondStep, run: StepRun) => Promise<BeyondOutcome>

export interface StepRun {
  /** Lets time pass, by the clock of the machine and the page's. */
  sleep(milliseconds: number): Promise<void>
}

/** Long enough for what nobody waits for. */
const SETTLED = 400

/** Longer than the recorder waited for an outcome: other machines are slower, and nothing here takes that long. */
const PATIENCE = 10_000

const stepRunners: Readonly<Record<string, StepRunner>> = {
  ...elementRunners,
  fetch: async (page, step) => {
    let request: PageRequest
    const patience = new AbortController()
    try {
      const body = step.body === undefined ? {} : { body: bodyOf(step.body) }
      const stream = typeof step.body === 'object' && 'stream' in step.body ? { duplex: 'half' } : {}
      request = new page.Request(
        step.url as string,
        {
          ...step.init,
          ...body,
          ...stream,
          signal: patience.signal,
        } as never,
      )
    } catch (error) {
      return { ...rejection(error), stage: 'construct' }
    }
    const fetched = page.fetch(request).then(describe, rejection)
    if (step.unload === true) return { outcome: 'unload' }
    return within(fetched, () => patience.abort())
  },
  fetchmany: async (page, { list = [] }, run) => {
    const outcomes = list.map((step) => runStep(page, step, run))
    return { outcome: 'many', all: (await Promise.all(outcomes)).map(inShort) }
  },
  xhr: (page, step) => {
    const xhr = new page.XMLHttpRequest()
    const done = new Promise<BeyondOutcome>((resolve) => {
      try {
        xhr.open(
          step.method ?? 'GET',
          step.url as string,
          true,
          ...(step.user === undefined ? [] : ([step.user, step.pass] as const)),
        )
        xhr.withCredentials = step.cred === true
        for (const [name, value] of step.headers ?? []) xhr.setRequestHeader(name, value)
        xhr.onload = () =>
          resolve({
            outcome: 'resolved',
            status: xhr.status,
            body: xhr.responseText.slice(0, 60),
            url: xhr.responseURL,
            headers: xhr
              .getAllResponseHeaders()
              .split('\r\n')
              .filter((line) => line !== '' && !/^content-(length|type)/i.test(line)),
          })
        xhr.onerror = (event) =>
          // Where the browser asks the user, the recorder gave up.
          resolve(
            isLoginPromptError((event as { cause?: unknown }).cause)
              ? { outcome: 'abort' }
              : { outcome: 'rejected', status: xhr.status },
          )
        xhr.onabort = () => resolve({ outcome: 'abort' })
        xhr.send((step.body === undefined ? null : bodyOf(step.body)) as never)
      } catch (error) {
        resolve({ ...rejection(error), stage: 'construct' })
      }
    })
    return within(done, () => xhr.abort())
  },
  es: (page, step) => {
    let source: PageEventSource
    try {
      source = new page.EventSource(step.url as string, { withCredentials: step.cred === true })
    } catch (error) {
      return Promise.resolve({ ...rejection(error), stage: 'construct' })
    }
    const done = new Promise<BeyondOutcome>((resolve) => {
      source.onmessage = (event: Event) => {
        source.close()
        resolve({ outcome: 'message', data: (event as MessageEvent).data })
      }
      source.onerror = () => {
        const { readyState } = source
        source.close()
        resolve({ outcome: 'error', readyState })
      }
    })
    return within(done, () => source.close())
  },
  beacon: async (page, step) => {
    let result: boolean
    try {
      result = page.sendBeacon(
        step.url as string,
        step.body === undefined ? undefined : (bodyOf(step.body) as never),
      )
    } catch (error) {
      return rejection(error)
    }
    if (step.unload !== true) await pause(SETTLED)
    return { outcome: 'beacon', result }
  },
  form: async (page, step) => {
    await page.postForm(step.url as string, { a: '1' }, { enctype: step.enctype as never })
    return { outcome: 'submitted' }
  },
  sleep: async (_page, { ms = 0 }, run) => {
    await run.sleep(ms)
    return { outcome: 'slept' }
  },
  eval: async (page, { code }) => {
    const self = { origin: page.origin, __e: headErrors.get(page) }
    const script = new Function('self', 'location', 'fetch', `return (${code})`)
    try {
      return { outcome: 'value', value: await script(self, new URL(page.url), page.fetch) }
    } catch (error) {
      return rejection(error)
    }
  },
}

/** A step of a kind that no row above does. */
export class NoRunner extends Error {
  constructor(kind: string) {
    super(`nothing runs a step of kind ${kind}`)
  }
}

export async function runStep(page: Page, step: BeyondStep, run: StepRun): Promise<BeyondOutcome> {
  const runner = stepRunners[step.kind]
  if (runner === undefined) throw new NoRunner(step.kind)
  return runner(page, step, run)
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** A body as the recorder's pages made it. */
export function bodyOf(body: BeyondBody): unknown {
  if (typeof body === 'string') return body
  if ('bytes' in body) return 'x'.repeat(body.bytes)
  if ('blob' in body) {
    const content = typeof body.blob === 'number' ? 'x'.repeat(body.blob) : body.blob
    return new Blob([content], body.mime === undefined ? {} : { type: body.mime })
  }
  if ('form' in body) {
    const form = new FormData()
    form.append('a', '1')
    return form
  }
  if ('params' in body) return new URLSearchParams('a=1')
  if ('buffer' in body) return new TextEncoder().encode('x').buffer
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('x'))
      controller.close()
    },
  })
}

/** What a script sees of an error. */
export function rejection(error: unknown): BeyondOutcome {
  // The browser asks the user, for longer than the recorder waited.
  if (isLoginPromptError(error)) return { outcome: 'timeout' }
  const { name, message } = error as Error
  return { outcome: 'rejected', error: name, message }
}

/** An outcome, unless it takes longer than the recorder waited. */
export async function within(outcome: Promise<BeyondOutcome>, giveUp?: () => void): Promise<BeyondOutcome> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<BeyondOutcome>((resolve) => {
    timer = setTimeout(() => resolve({ outcome: 'timeout' }), PATIENCE)
  })
  const first = await Promise.race([outcome, late])
  clearTimeout(timer)
  if (first.outcome === 'timeout') giveUp?.()
  return first
}

async function describe(response: Response): Promise<BeyondOutcome> {
  const { type, status, redirected, url } = response
  const headers = [...response.headers]
    .map(([name, value]) => `${name}: ${value}`)
    .filter((line) => !/^content-length|^content-type: text\/plain/.test(line))
  const head = {
    outcome: 'resolved',
    type,
    status,
    ...(redirected ? { redirected } : {}),
    ...(headers.length > 0 ? { headers } : {}),
    ...(url === '' ? {} : { url }),
  }
  try {
    const text = await response.text()
    const body = text.length > 60 ? `${text.length} chars` : /[^\x20-\x7e]/.test(text) ? 'binary' : text
    return { ...head, body }
  } catch (error) {
    return { ...head, bodyError: (error as Error).name }
  }
}

function inShort(outcome: BeyondOutcome): string {
  const { outcome: end, error, stage, status, type, result } = outcome
  if (error !== undefined) return `${end} ${error}${stage === undefined ? '' : ` ${stage}`}`
  if (status !== undefined && status !== 0) return `${end} ${type} ${status}`
  return result === undefined ? end : `${end} ${result}`
}
