/** Kinds, states and steps of mails in the reader's language. */
import type { MailRow, MailStep } from '@huisclos/tmms/contract/mail'
import { m } from '../../../paraglide/messages.js'

export const KINDS: Readonly<Record<MailRow['kind'], () => string>> = {
  welcome: m.admin_mail_kind_welcome,
  reset: m.admin_mail_kind_reset,
  invitation: m.admin_mail_kind_invitation,
  update: m.admin_mail_kind_update,
  cancellation: m.admin_mail_kind_cancellation,
  uninvitation: m.admin_mail_kind_uninvitation,
  'address-changed': m.admin_mail_kind_address_changed,
  'handed-over': m.admin_mail_kind_handed_over,
  test: m.admin_mail_kind_test,
}

export const STEPS: Readonly<Record<MailStep, () => string>> = {
  outbox: m.admin_mail_step_outbox,
  dns: m.admin_mail_step_dns,
  connect: m.admin_mail_step_connect,
  tls: m.admin_mail_step_tls,
  hello: m.admin_mail_step_hello,
  auth: m.admin_mail_step_auth,
  sender: m.admin_mail_step_sender,
  recipient: m.admin_mail_step_recipient,
  message: m.admin_mail_step_message,
}
