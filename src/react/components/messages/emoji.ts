/** Emoji to choose from, with English names to search by. Loaded with the picker. */
export type EmojiGroup = 'smileys' | 'gestures' | 'hearts' | 'nature' | 'food' | 'activities' | 'objects' | 'symbols';

export interface Emoji {
  emoji: string;
  name: string;
}

/** `😀 grinning face`, one each. */
const parse = (lines: string): Emoji[] =>
  lines
    .trim()
    .split('|')
    .map((line) => line.trim())
    .map((line) => ({ emoji: line.slice(0, line.indexOf(' ')), name: line.slice(line.indexOf(' ') + 1) }));

/** Those that are given most: the first row. */
export const QUICK: readonly Emoji[] = parse(
  '👍 thumbs up|❤️ red heart|😂 tears of joy|🎉 party popper|😮 surprised|🙏 folded hands, thanks',
);

export const EMOJI: Readonly<Record<EmojiGroup, readonly Emoji[]>> = {
  smileys: parse(
    `😀 grinning|😃 smiling, open mouth|😄 smiling eyes|😁 beaming|😆 laughing|😅 sweat smile|🤣 rolling on the floor|😂 tears of joy|
    🙂 slight smile|🙃 upside down|😉 winking|😊 blushing|😇 halo, angel|🥰 smiling with hearts|😍 heart eyes|🤩 star struck|😘 blowing a kiss|
    😋 yummy|😜 winking with tongue|🤪 zany|🤗 hugging|🤭 hand over mouth|🤫 quiet|🤔 thinking|🫡 salute|🤐 zipper mouth|😐 neutral|
    😏 smirking|🙄 rolling eyes|😬 grimacing|😌 relieved|😔 pensive, sad|😴 sleeping|🤒 ill, thermometer|🤯 mind blown|🥳 partying|
    😎 sunglasses, cool|🤓 nerd|🧐 monocle|😕 confused|😟 worried|😮 surprised|😲 astonished|😳 flushed|🥺 pleading|😢 crying|
    😭 sobbing|😱 screaming|😖 confounded|😞 disappointed|😩 weary|😤 huffing|😡 angry, red|💀 skull|🤖 robot`,
  ),
  gestures: parse(
    `👍 thumbs up|👎 thumbs down|👌 OK|✌️ victory|🤞 fingers crossed|🤟 love you|🤘 horns, rock|👈 pointing left|👉 pointing right|
    👆 pointing up|👇 pointing down|✋ raised hand|👋 waving|🤙 call me|💪 strong, muscle|🙏 folded hands, thanks|🙌 raised hands, hooray|
    👏 clapping|🤝 handshake|✍️ writing|👀 eyes, looking|🧠 brain|🙋 raising a hand|🤷 shrugging|🤦 face palm`,
  ),
  hearts: parse(
    `❤️ red heart|🧡 orange heart|💛 yellow heart|💚 green heart|💙 blue heart|💜 purple heart|🖤 black heart|🤍 white heart|
    💔 broken heart|💕 two hearts|💖 sparkling heart|💯 hundred points|✨ sparkles|🔥 fire|💥 collision|⭐ star`,
  ),
  nature: parse(
    `🐶 dog|🐱 cat|🦊 fox|🐻 bear|🐼 panda|🦁 lion|🐸 frog|🐵 monkey|🐔 chicken|🐧 penguin|🦄 unicorn|🐝 bee|🦋 butterfly|🐢 turtle|
    🐙 octopus|🐳 whale|🌱 seedling|🌵 cactus|🍀 four leaf clover|🌸 blossom|🌻 sunflower|🌞 sun|🌙 moon|🌈 rainbow|⛄ snowman|🌊 wave`,
  ),
  food: parse(
    `🍎 apple|🍌 banana|🍓 strawberry|🍋 lemon|🥑 avocado|🥐 croissant|🍞 bread|🧀 cheese|🍕 pizza|🍔 burger|🌮 taco|🍣 sushi|🍜 noodles|
    🍿 popcorn|🍪 cookie|🎂 birthday cake|🍫 chocolate|☕ coffee|🍵 tea|🍺 beer|🍷 wine|🥂 cheers, glasses`,
  ),
  activities: parse(
    `🎉 party popper|🎊 confetti|🎁 present|🎈 balloon|🏆 trophy|🥇 gold medal|⚽ football|🏀 basketball|🎯 bullseye|🎮 video game|
    🎸 guitar|🎧 headphones|🎨 palette|🚀 rocket|✈️ aeroplane|🚗 car|🚲 bicycle|🏠 house|🏖️ beach|⛺ tent`,
  ),
  objects: parse(
    `💡 idea, light bulb|📌 pin|📎 paper clip|📝 memo, note|📅 calendar|📈 chart up|📉 chart down|📦 package|🔒 locked|🔑 key|🔧 wrench|
    🐛 bug|💻 laptop|📱 phone|⏰ alarm clock|⏳ hourglass|💰 money|📷 camera|🔍 search|🔔 bell`,
  ),
  symbols: parse(
    `✅ done, check mark|☑️ ticked box|❌ cross mark, no|❓ question|❗ exclamation|⚠️ warning|🚫 forbidden|🛑 stop|♻️ recycling|🔄 again|
    ➕ plus|➖ minus|➡️ right arrow|⬆️ up arrow|🔴 red circle|🟢 green circle|🟡 yellow circle|🏁 finish flag|🆗 OK button|💤 asleep`,
  ),
};
