/** What a reader has to know to judge the figures, for and against each server. */
export const notes: string[] = [
  'A server has a process of its own, all of its clients share another one. The servers take turns, round after round; every figure is the ' +
    'median of the rounds, every ratio the median of the rounds’ ratios. What is compared is deliveries per second of the server’s CPU ' +
    '(`process.cpuUsage`, user and system), because the clients share the machine and would decide what it does per second.',
  'A delivery is one message received by one member, its sender included. Every message reached every member, or the run would have failed.',
  'Full load: 8 messages of 8 senders are under way at any time in the room, 100 in the 500 threads, whose senders take turns. p50 and p99, from ' +
    'sending to receiving, are taken at a fixed pace instead (20 messages per second in the room, 200 in all the pairs), because a queue that is ' +
    'always full shows its own length.',
  'At full load LatchKit writes what one turn of the event loop brings for a reader in one system call, which neither of the others does. At the ' +
    'fixed pace there is nothing to put together: that column shows what a delivery costs by itself, with an idle server’s own costs in it.',
  'The clients speak WebSocket over raw sockets, read no more of a frame than they count, and check nothing.',
  'bare ws: one `JSON.parse`, one `JSON.stringify`, one `Buffer` that is sent to each member of a Set. No identity, no permission, no answer to the ' +
    'sender. socket.io: WebSocket alone, rooms, one `emit` to the room, its defaults otherwise. Both send the same message object as LatchKit.',
  '“That checks and answers” is the same server with what no chat does without: the fields of the frame are checked, only a member may write, and ' +
    'the sender is told the message’s place (socket.io: by its acknowledgement). In the room that is one frame more in 500; in a pair it is one in ' +
    'three, each a system call. The targets are held against the bare ones, which do less than LatchKit; these show what equal work costs.',
  'LatchKit: its own gateway, with a verified token per connection, each frame checked against its schema, the right to write asked for at ' +
    'each message, a place in the thread’s log, and `message.accepted` to the sender besides the delivery. Only the limits of frames per second are lifted.',
  'Storage off: places in the log and the last message are kept in two maps of the bench’s own, and messages nowhere. The kit has no such ' +
    'storage; it shows what the gateway costs. The durable rows are what a user gets: a message is on the disk before it is acknowledged.',
  'Where the pairs stand: a message there is two deliveries and so two system calls, which no server can do without. By the profiler they are ' +
    'some 40 % of what LatchKit spends on a message, and some 60 % of what bare ws does; what is left to bare ws is less than checking, asking ' +
    'for access, giving a place and writing two frames take. A bare ws that checks and answers is itself below 0.8 × bare ws, and 1.7 × socket.io' +
    ' is beyond it, too.',
  'Every server is warmed up by a number of messages, not only by time: on a busy machine a server that has seen few of them still runs code ' +
    'that was not compiled yet, the more of it the more code it has.',
  'Of what keeping a message costs, `bench/results/append.md` says what the search index takes.',
  'A load above the number of cores means that others were at work on the machine. Ratios within a round bear that; absolute figures, p50 and ' +
    'p99 do not.',
  'PostgreSQL runs on the same machine with its default settings; its own processes’ CPU is not counted.',
];
