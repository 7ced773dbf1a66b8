import type { FaultConnection, FaultDirection, FaultMessage } from './types.ts';

/** A message as predicates see it. Its text is decoded, and read as JSON, only where one of them looks. */
export function proxiedMessage(
  connection: FaultConnection,
  direction: FaultDirection,
  kind: FaultMessage['kind'],
  readText: () => string,
): FaultMessage {
  let text: string | undefined;
  let json: { value: unknown } | undefined;
  return {
    connection,
    direction,
    kind,
    get text() {
      return (text ??= readText());
    },
    get json() {
      json ??= { value: parse(this.text) };
      return json.value;
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
