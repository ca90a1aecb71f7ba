/** The log on stdout: lines for people at a terminal, one JSON object per line anywhere else. */
import type { Writable } from 'node:stream'
import pino, { type Logger } from 'pino'
import { prettyFactory } from 'pino-pretty'
import { steadyOutput } from './output.ts'

/**
 * @param terminal whether a person reads along
 * @param stream not pino's own: that one waits for a reader that stalls, and ends the process when the disk is full
 */
export function openLog(level: string, terminal: boolean, stream: Writable): Logger {
  const output = steadyOutput(stream, (lines) =>
    logger.warn({ lines }, 'lines of the log were lost'),
  )
  const format = terminal ? prettyFactory(FOR_PEOPLE) : (line: string) => line
  const logger = pino({ level, base: null }, { write: (line) => output.write(format(line)) })
  return logger
}

const FOR_PEOPLE = {
  colorize: true,
  translateTime: 'SYS:HH:MM:ss',
  ignore: 'part',
  messageFormat: '{part}: {msg}',
}
