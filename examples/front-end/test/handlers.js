import { HttpResponse, http } from 'msw'

/** What most mocks look like: they know nothing of CORS. */
export const handlersAt = (api) => [
  http.get(`${api}/orders`, ({ request }) => {
    if (!request.headers.get('authorization')) return new HttpResponse(null, { status: 401 })
    return HttpResponse.json([{ id: 1 }, { id: 2 }], { headers: { 'X-Total-Count': '12' } })
  }),
]
