/** A server's answer as a stream of events, one after the other; `[DONE]` and the like go as they are. */
export function eventStream(events: readonly (object | string)[], betweenMs = 20): Promise<Response> {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      for (const event of events) {
        await new Promise((resolve) => setTimeout(resolve, betweenMs));
        const data = typeof event === 'string' ? event : JSON.stringify(event);
        controller.enqueue(encoder.encode(`data: ${data}\n\n`));
      }
      controller.close();
    },
  });
  return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
}

/** Words of a text, each with the space before it. */
export function words(text: string): string[] {
  return text.match(/\s*\S+/g) ?? [];
}
