/** FastAPI and Starlette. */
import { guide, headersToWrite, isMove, methodsToWrite, onlyIfSet, unpacked, wildcardNote } from './in-app.js'
import { type RemedyNeeds, type ServerRemedies, text } from './remedy.js'

const METHODS = ['GET']
const HEADERS = ['accept', 'accept-language', 'content-language', 'content-type']

/** Inside CORSMiddleware, whatever its options: what makes a 500 of an exception otherwise is outside of it. */
const CATCH = [
  'from fastapi.responses import JSONResponse',
  'import logging',
  '',
  '# above app.add_middleware(CORSMiddleware, …), which stays as it is: what is added last is outermost',
  '@app.middleware("http")',
  'async def errors_inside_cors(request, call_next):',
  '    try:',
  '        return await call_next(request)',
  '    except Exception:',
  '        logging.exception("unhandled")',
  '        return JSONResponse({"detail": "Internal Server Error"}, 500)',
]

function rules(needs: RemedyNeeds): (string | false)[] {
  const { origins, others, missing, credentials } = needs
  const methods = methodsToWrite(needs, METHODS)
  const headers = headersToWrite(needs, HEADERS)
  const listed = unpacked({ yours: others === 'some' ? 'yourOrigins' : null, items: origins })
  const note = wildcardNote(needs)
  return [
    'from fastapi.middleware.cors import CORSMiddleware',
    '',
    ...guide(needs, {
      tool: 'app.add_middleware(CORSMiddleware, …)',
      mark: '#',
      place: 'below every other add_middleware',
    }),
    note !== null && `# ${note}`,
    'app.add_middleware(',
    '    CORSMiddleware,',
    missing.origin && `    allow_origins=${listed},`,
    methods !== null && `    allow_methods=${unpacked(methods)},${onlyIfSet(methods, '#')}`,
    headers !== null && `    allow_headers=${unpacked(headers)},${onlyIfSet(headers, '#')}`,
    credentials && missing.credentials && '    allow_credentials=True,',
    ')',
  ]
}

function snippet(needs: RemedyNeeds): string {
  if (needs.kind === 'duplicate') return ''
  if (needs.kind === 'errors') return text(...CATCH, ...(needs.seen ? [] : ['', ...rules(needs)]))
  return isMove(needs) ? '' : text(...rules(needs))
}

export const fastapi: ServerRemedies = {
  titles: {
    policy: 'Allow this request with CORSMiddleware',
    auth: 'Put add_middleware(CORSMiddleware, …) below the middleware that authenticates, with its options as they are: the last one added runs first',
    route: 'Add CORSMiddleware to the app itself, so that it responds to OPTIONS',
    errors:
      'Put add_middleware(CORSMiddleware, …) below every other middleware, with its options as they are: the last one added runs first; and turn exceptions into responses inside it: it never sees the 500 that is made of them outside',
    before:
      'Put add_middleware(CORSMiddleware, …) below every other middleware, with its options as they are: the last one added runs first',
    redirect: 'Add CORSMiddleware to the app itself: it responds to the preflight before the redirect',
    duplicate:
      'Let only CORSMiddleware add the headers, as it does now: remove the lines of the middleware or proxy that adds them again',
  },
  snippet,
}
