import { render, screen, waitFor } from '@testing-library/react'
import { Orders } from '../src/orders.jsx'

test('shows how many orders there are', async () => {
  render(<Orders />)
  const status = screen.getByRole('status')
  // The first request of a file loads what sends it.
  await waitFor(() => expect(status.textContent).not.toBe('…'), { timeout: 4000 })
  expect(status.textContent).toBe('2 of 12')
})
