import { openPage, type Page, type PageJourney } from 'expect-cors'
import { expectTypeOf, test } from 'vitest'

test('openPage', () => {
  expectTypeOf(openPage).returns.toEqualTypeOf<Page>()
  expectTypeOf(openPage).toBeCallableWith('https://app.example.com', { engine: 'webkit', timeout: 100 })
  expectTypeOf(openPage).toBeCallableWith({ url: 'https://app.example.com', context: 'worker' })
  // @ts-expect-error an engine that is none
  openPage('https://app.example.com', { engine: 'netscape' })
})

test('a page\u2019s fetch goes where the global one is asked for', () => {
  expectTypeOf<Page['fetch']>().toExtend<typeof fetch>()
  expectTypeOf<Page['inspect']>().returns.resolves.toEqualTypeOf<PageJourney>()
  expectTypeOf<Page['fetch']>().returns.resolves.toEqualTypeOf<Response>()
})

test('pages of one browser', () => {
  const page = openPage('https://app.example.com', { httpCache: true })
  expectTypeOf(page.navigate).returns.toEqualTypeOf<Page>()
  expectTypeOf(page.navigate).toBeCallableWith('/next', { timeout: 100 })
  expectTypeOf(page.frame).toBeCallableWith({ url: 'about:srcdoc', context: 'sandboxed-iframe' })
  expectTypeOf<PageJourney['exchanges'][number]['cacheState']>().toEqualTypeOf<
    '' | 'local' | 'validated' | undefined
  >()
  // @ts-expect-error the engine is the browser's
  page.navigate('/next', { engine: 'firefox' })
})

test('beacons, forms and logins', () => {
  const page = openPage('https://app.example.com', {
    referrerPolicy: 'no-referrer',
    logins: { 'https://api.example.com': { username: 'me', password: 'secret' } },
  })
  expectTypeOf(page.sendBeacon).returns.toEqualTypeOf<boolean>()
  expectTypeOf(page.sendBeacon).toBeCallableWith('/log', new Blob(['{}'], { type: 'application/json' }))
  expectTypeOf(page.postForm).toBeCallableWith('/login', new FormData(), { enctype: 'multipart/form-data' })
  expectTypeOf(page.fetch).toBeCallableWith('/a', { keepalive: true, referrer: '', referrerPolicy: 'origin' })
  expectTypeOf<PageJourney['verdict']['prompt']>().toEqualTypeOf<{ readonly realm: string } | undefined>()
  // @ts-expect-error not a referrer policy
  openPage('https://app.example.com', { referrerPolicy: 'never' })
})
