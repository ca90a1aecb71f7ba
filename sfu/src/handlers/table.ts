/** One handler for every request. */
import {
  closeConsumer,
  consume,
  pauseConsumer,
  preferLayers,
  requestKeyFrame,
  resumeConsumer,
} from './consume.ts'
import type { HandlerTable } from './handler.ts'
import { join, leave, relayCredentials, renewToken } from './join.ts'
import { closeProducer, pauseProducer, produce, resumeProducer } from './produce.ts'
import { e2eeMessage, e2eeMessages } from './e2ee-message.ts'
import { connectTransport, createTransport, restartIce } from './transport.ts'

export const HANDLERS = {
  join,
  leave,
  'renew-token': renewToken,
  'relay-credentials': relayCredentials,
  'create-transport': createTransport,
  'connect-transport': connectTransport,
  'restart-ice': restartIce,
  produce,
  'pause-producer': pauseProducer,
  'resume-producer': resumeProducer,
  'close-producer': closeProducer,
  consume,
  'pause-consumer': pauseConsumer,
  'resume-consumer': resumeConsumer,
  'close-consumer': closeConsumer,
  'prefer-layers': preferLayers,
  'request-key-frame': requestKeyFrame,
  'e2ee-message': e2eeMessage,
  'e2ee-messages': e2eeMessages,
} as const satisfies HandlerTable
