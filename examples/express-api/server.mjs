// An Express 5 API with the cors package: some routes are right, the rest are broken on purpose, each in a way that
// happens in practice. Listens on PORT, 3000 when it is not set.
import cors from 'cors'
import express from 'express'

const app = express()

const policy = cors({
  origin: ['https://app.example.com', 'https://admin.example.com'],
  credentials: true,
  methods: ['GET', 'PUT', 'DELETE'],
  allowedHeaders: ['Authorization', 'Content-Type'],
  exposedHeaders: ['X-Total-Count'],
  maxAge: 600,
})

// A preflight never comes with a token. So cors(), which responds to preflights, stands before this.
function requireToken(request, response, next) {
  if (request.get('Authorization') === undefined) response.status(401).json({ error: 'no token' })
  else next()
}

// ---- Right

const orders = express.Router()
orders.use(policy, requireToken, express.json())
orders.get('/', (_request, response) => {
  response.set('X-Total-Count', '2').json([{ id: 1 }, { id: 2 }])
})
orders.put('/:id', (request, response) => {
  response.json({ id: request.params.id, ...request.body })
})
orders.delete('/:id', (_request, response) => {
  response.sendStatus(204)
})
orders.get('/:id/invoice', () => {
  throw new Error('the printer is on fire')
})
// Below cors(), so that error answers have its headers too.
orders.use((_request, response) => {
  response.status(404).json({ error: 'not found' })
})
orders.use((_error, _request, response, _next) => {
  response.status(500).json({ error: 'internal' })
})
app.use('/orders', orders)

app.get('/prices', cors(), (_request, response) => {
  response.json({ apple: 1 })
})

// ---- Broken on purpose

// Credentials and a wildcard: browsers take the wildcard only without credentials.
app.get('/broken/wildcard', cors({ origin: '*', credentials: true }), (_request, response) => {
  response.json({ name: 'Ada' })
})

// Authentication first, CORS second.
app.use('/broken/auth-first', requireToken, policy)

// cors() on the one route: nothing else below this path has its headers, the 404 included.
app.get('/broken/profile', policy, (_request, response) => {
  response.json({ name: 'Ada' })
})

// Something fails before it is the turn of cors(): the answer is a bare 500.
app.use('/broken/crash', loadSession, policy, (_request, response) => {
  response.json([])
})
function loadSession() {
  throw new Error('the session store is gone')
}

// Two layers, such as a gateway and the app behind it, both add the header.
app.get('/broken/twice', policy, (_request, response) => {
  response.append('Access-Control-Allow-Origin', '*').json([])
})

// The origin is looked up by hand, and the answer differs by origin without saying so to caches.
app.get('/broken/no-vary', (request, response) => {
  const origin = request.get('Origin')
  if (origin === 'https://app.example.com') response.set('Access-Control-Allow-Origin', origin)
  response.json([])
})

// The page counts on a header that no script may read.
app.get('/broken/hidden-count', cors({ origin: 'https://app.example.com' }), (_request, response) => {
  response.set('X-Total-Count', '2').json([])
})

// A browser compares origins byte for byte; this one ends in a slash.
app.get('/broken/slash', cors({ origin: 'https://app.example.com/' }), (_request, response) => {
  response.json([])
})

// Errors are part of the example: Express need not print them.
app.set('env', 'test')

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`)
})
