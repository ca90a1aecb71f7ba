/** A producer as the whole room knows it. */
import type { Producer } from 'mediasoup/types'
import type { ProducerInfo } from '../protocol.ts'

export interface Published {
  info: ProducerInfo
  readonly producer: Producer
}
