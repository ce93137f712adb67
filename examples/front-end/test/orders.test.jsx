import { render, screen } from '@testing-library/react'
import { Orders } from '../src/orders.jsx'

test('shows how many orders there are', async () => {
  render(<Orders />)
  await screen.findByText('2 of 12')
})
