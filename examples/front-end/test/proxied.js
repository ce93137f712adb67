// Green without CORS: by way of the dev server, the API is at the page's own origin.
import { enforceCors } from 'expect-cors/msw'
import { setupServer } from 'msw/node'
import { handlersAt } from './handlers.js'

setupServer(...handlersAt('http://localhost:5173/api')).listen()
enforceCors({ origin: 'http://localhost:5173', failOnBlocked: true })
