/** The log on stdout: lines for people at a terminal, one JSON object per line anywhere else. */
import pino, { type Logger } from 'pino'
import pretty from 'pino-pretty'

const STDOUT = 1

/** @param terminal whether a person reads along. */
export function openLog(level: string, terminal: boolean): Logger {
  const options = { level, base: null }
  if (!terminal) return pino(options)
  // Sync, so that no line is lost when the process ends.
  return pino(
    options,
    pretty({
      destination: STDOUT,
      sync: true,
      colorize: true,
      translateTime: 'SYS:HH:MM:ss',
      ignore: 'part',
      messageFormat: '{part}: {msg}',
    }),
  )
}
