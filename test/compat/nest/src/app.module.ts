import { Controller, Get, Module, Put } from '@nestjs/common'

@Controller('orders')
class OrdersController {
  @Get()
  list() {
    return [{ id: 1 }]
  }

  @Put(':id')
  change() {
    return { ok: true }
  }
}

@Module({ controllers: [OrdersController] })
export class AppModule {}
