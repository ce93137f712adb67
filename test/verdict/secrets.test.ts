/** What a verdict holds may be kept in a snapshot or a report: no secret of a redirect, and none that the page put into a URL at fault. */
import { type EvaluateCorsInput, evaluateCors } from 'expect-cors'
import { expect, test } from 'vitest'
import { redactLocation } from '../../src/text/redact.js'

const origin = 'https://app.example.com'
const url = 'https://api.example.com/'
const redirecting = (Location: string, more: object = {}): EvaluateCorsInput => ({
  request: { origin, url, ...more },
  response: { status: 302, headers: { 'Access-Control-Allow-Origin': origin, Location } },
  engine: 'chromium',
})

test.each<[string, EvaluateCorsInput, string]>([
  ['user info', redirecting('https://user:s3cret@other.example/'), 'redirect-with-credentials'],
  [
    'user info and a token',
    redirecting('ftp://user:s3cret@other.example/?token=s3cret'),
    'redirect-to-unsupported-scheme',
  ],
  ['no URL', redirecting('https://user:s3cret@[/?api_key=s3cret'), 'redirect-invalid-location'],
  [
    'an error by mode',
    redirecting('/next?client_secret=s3cret&page=2', { redirect: 'error' }),
    'redirect-mode-error',
  ],
  [
    'a preflight',
    {
      request: { origin, url, method: 'PUT' },
      preflight: {
        status: 301,
        headers: { 'Access-Control-Allow-Origin': origin, Location: '/login?token=s3cret' },
      },
    },
    'preflight-redirect',
  ],
  ['a URL that does not parse', { request: { origin, url: 'https://user:s3cret@[' } }, 'invalid-url'],
  [
    'a URL with user info',
    { request: { origin, url: 'https://user:s3cret@api.example.com/' } },
    'url-with-credentials',
  ],
  [
    'mixed content',
    { request: { origin, url: 'http://api.example.com/', mode: 'same-origin' } },
    'mixed-content',
  ],
])('%s', (_, input, code) => {
  const verdict = evaluateCors(input)
  expect(verdict.code).toBe(code)
  expect(JSON.stringify({ ...verdict, next: undefined })).not.toContain('s3cret')
})

test('what is no secret stays as it came', () => {
  const verdict = evaluateCors(redirecting('FTP://Other.example?page=2'))
  expect(verdict).toMatchObject({ value: 'FTP://Other.example?page=2', part: 'ftp://other.example/?page=2' })
})

test.each([
  ['/next?a=1', '/next?a=1'],
  ['//me@host/', '//[redacted]@host/'],
  ['https://me:p@ss,word@host/?key=1#me@home', 'https://[redacted]@host/?key=[redacted]#me@home'],
  ['https:me:pass@host/', 'https://[redacted]@host/'],
  ['\\\\me:pass@host', '\\\\[redacted]@host'],
  ['https://a.example/, https://me:pass@b.example/', 'https://a.example/, https://[redacted]@b.example/'],
  ['mailto:me@host', 'mailto:me@host'],
  ['https://host/@me', 'https://host/@me'],
])('a Location of %s is shown as %s', (value, shown) => {
  expect(redactLocation(value)).toBe(shown)
})
