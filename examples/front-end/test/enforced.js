// Red: a browser asks first, and the mock has nothing to say.
import { enforceCors } from 'expect-cors/msw'
import { setupServer } from 'msw/node'
import { handlersAt } from './handlers.js'

setupServer(...handlersAt('http://localhost:3000')).listen()
enforceCors({ origin: 'http://localhost:5173', failOnBlocked: true })
