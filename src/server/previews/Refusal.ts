/** Why a link has no preview. `refused…`: it was not asked. The others: it was, and that came of it. */
export type RefusalReason =
  | 'refused_scheme'
  | 'refused_credentials'
  | 'refused_port'
  | 'refused_name'
  | 'refused_address'
  | 'refused_by_app'
  | 'not_found'
  | 'too_many_redirects'
  | 'bad_status'
  | 'wrong_type'
  | 'wrong_encoding'
  | 'too_large'
  | 'too_late'
  | 'unreachable';

/** Never leaves the room of previews: a link without one looks like any link. */
export class Refusal extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, options?: ErrorOptions) {
    super(reason, options);
    this.reason = reason;
  }
}
