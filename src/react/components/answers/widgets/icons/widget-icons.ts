import Atom from 'lucide/dist/esm/icons/atom.mjs';
import Award from 'lucide/dist/esm/icons/award.mjs';
import Book from 'lucide/dist/esm/icons/book.mjs';
import BookOpen from 'lucide/dist/esm/icons/book-open.mjs';
import Bot from 'lucide/dist/esm/icons/bot.mjs';
import Box from 'lucide/dist/esm/icons/box.mjs';
import Briefcase from 'lucide/dist/esm/icons/briefcase.mjs';
import Bug from 'lucide/dist/esm/icons/bug.mjs';
import Calendar from 'lucide/dist/esm/icons/calendar.mjs';
import CalendarClock from 'lucide/dist/esm/icons/calendar-clock.mjs';
import ChartColumn from 'lucide/dist/esm/icons/chart-column.mjs';
import ChartLine from 'lucide/dist/esm/icons/chart-line.mjs';
import Check from 'lucide/dist/esm/icons/check.mjs';
import ChevronLeft from 'lucide/dist/esm/icons/chevron-left.mjs';
import ChevronRight from 'lucide/dist/esm/icons/chevron-right.mjs';
import Circle from 'lucide/dist/esm/icons/circle.mjs';
import CircleCheck from 'lucide/dist/esm/icons/circle-check.mjs';
import CircleQuestionMark from 'lucide/dist/esm/icons/circle-question-mark.mjs';
import CircleUserRound from 'lucide/dist/esm/icons/circle-user-round.mjs';
import Clock from 'lucide/dist/esm/icons/clock.mjs';
import Compass from 'lucide/dist/esm/icons/compass.mjs';
import Ellipsis from 'lucide/dist/esm/icons/ellipsis.mjs';
import EllipsisVertical from 'lucide/dist/esm/icons/ellipsis-vertical.mjs';
import ExternalLink from 'lucide/dist/esm/icons/external-link.mjs';
import File from 'lucide/dist/esm/icons/file.mjs';
import FileText from 'lucide/dist/esm/icons/file-text.mjs';
import FlaskConical from 'lucide/dist/esm/icons/flask-conical.mjs';
import Globe from 'lucide/dist/esm/icons/globe.mjs';
import IdCard from 'lucide/dist/esm/icons/id-card.mjs';
import ImageIcon from 'lucide/dist/esm/icons/image.mjs';
import Images from 'lucide/dist/esm/icons/images.mjs';
import Info from 'lucide/dist/esm/icons/info.mjs';
import KeyRound from 'lucide/dist/esm/icons/key-round.mjs';
import Layers from 'lucide/dist/esm/icons/layers.mjs';
import LifeBuoy from 'lucide/dist/esm/icons/life-buoy.mjs';
import Lightbulb from 'lucide/dist/esm/icons/lightbulb.mjs';
import Mail from 'lucide/dist/esm/icons/mail.mjs';
import MapIcon from 'lucide/dist/esm/icons/map.mjs';
import MapPin from 'lucide/dist/esm/icons/map-pin.mjs';
import Monitor from 'lucide/dist/esm/icons/monitor.mjs';
import Notebook from 'lucide/dist/esm/icons/notebook.mjs';
import NotebookPen from 'lucide/dist/esm/icons/notebook-pen.mjs';
import PartyPopper from 'lucide/dist/esm/icons/party-popper.mjs';
import PenLine from 'lucide/dist/esm/icons/pen-line.mjs';
import Pencil from 'lucide/dist/esm/icons/pencil.mjs';
import Phone from 'lucide/dist/esm/icons/phone.mjs';
import Play from 'lucide/dist/esm/icons/play.mjs';
import Plus from 'lucide/dist/esm/icons/plus.mjs';
import RefreshCw from 'lucide/dist/esm/icons/refresh-cw.mjs';
import Search from 'lucide/dist/esm/icons/search.mjs';
import Signature from 'lucide/dist/esm/icons/signature.mjs';
import SlidersHorizontal from 'lucide/dist/esm/icons/sliders-horizontal.mjs';
import Smartphone from 'lucide/dist/esm/icons/smartphone.mjs';
import Sparkle from 'lucide/dist/esm/icons/sparkle.mjs';
import Sparkles from 'lucide/dist/esm/icons/sparkles.mjs';
import SquareCode from 'lucide/dist/esm/icons/square-code.mjs';
import SquarePen from 'lucide/dist/esm/icons/square-pen.mjs';
import Star from 'lucide/dist/esm/icons/star.mjs';
import TextInitial from 'lucide/dist/esm/icons/text-initial.mjs';
import User from 'lucide/dist/esm/icons/user.mjs';
import Zap from 'lucide/dist/esm/icons/zap.mjs';
import type { IconShapes } from '../../../parts/Icon.tsx';

/** The icons of ChatKit by its names, as lucide draws them. */
const ICONS: Record<string, IconShapes> = {
  agent: Bot,
  analytics: ChartLine,
  atom: Atom,
  batch: Layers,
  bolt: Zap,
  'book-clock': CalendarClock,
  'book-closed': Book,
  'book-open': BookOpen,
  bug: Bug,
  calendar: Calendar,
  chart: ChartColumn,
  check: Check,
  'check-circle': CircleCheck,
  'chevron-left': ChevronLeft,
  'chevron-right': ChevronRight,
  'circle-question': CircleQuestionMark,
  clock: Clock,
  compass: Compass,
  confetti: PartyPopper,
  cube: Box,
  desktop: Monitor,
  document: FileText,
  'dots-horizontal': Ellipsis,
  'dots-vertical': EllipsisVertical,
  'empty-circle': Circle,
  'external-link': ExternalLink,
  globe: Globe,
  images: Images,
  info: Info,
  keys: KeyRound,
  lab: FlaskConical,
  lifesaver: LifeBuoy,
  lightbulb: Lightbulb,
  mail: Mail,
  'map-pin': MapPin,
  maps: MapIcon,
  mobile: Smartphone,
  name: Signature,
  notebook: Notebook,
  'notebook-pencil': NotebookPen,
  'page-blank': File,
  phone: Phone,
  play: Play,
  plus: Plus,
  profile: CircleUserRound,
  'profile-card': IdCard,
  reload: RefreshCw,
  search: Search,
  'settings-slider': SlidersHorizontal,
  sparkle: Sparkle,
  'sparkle-double': Sparkles,
  'square-code': SquareCode,
  'square-image': ImageIcon,
  'square-text': TextInitial,
  star: Star,
  suitcase: Briefcase,
  user: User,
  wreath: Award,
  write: SquarePen,
  'write-alt': Pencil,
  'write-alt2': PenLine,
  'check-circle-filled': [
    ['circle', { cx: 12, cy: 12, r: 10, fill: 'currentColor' }],
    ['path', { d: 'm16 9-5.5 5.5L8 12', stroke: 'var(--lk-bg)' }],
  ],
  dot: [['circle', { cx: 12, cy: 12, r: 4, fill: 'currentColor' }]],
  'star-filled': Star.map(([tag, attributes]) => [tag, { ...attributes, fill: 'currentColor' }] as const),
};

/** By lucide’s own names, where those differ. All two thousand of them would be a hundred times what a chat weighs: the rest is not drawn. */
const LUCIDE: Record<string, IconShapes> = {
  award: Award,
  book: Book,
  bot: Bot,
  box: Box,
  briefcase: Briefcase,
  'calendar-clock': CalendarClock,
  'chart-column': ChartColumn,
  'chart-line': ChartLine,
  circle: Circle,
  'circle-check': CircleCheck,
  'circle-question-mark': CircleQuestionMark,
  'circle-user-round': CircleUserRound,
  ellipsis: Ellipsis,
  'ellipsis-vertical': EllipsisVertical,
  file: File,
  'file-text': FileText,
  'flask-conical': FlaskConical,
  'id-card': IdCard,
  image: ImageIcon,
  'key-round': KeyRound,
  layers: Layers,
  'life-buoy': LifeBuoy,
  map: MapIcon,
  monitor: Monitor,
  'notebook-pen': NotebookPen,
  'party-popper': PartyPopper,
  'pen-line': PenLine,
  pencil: Pencil,
  'refresh-cw': RefreshCw,
  signature: Signature,
  'sliders-horizontal': SlidersHorizontal,
  smartphone: Smartphone,
  sparkles: Sparkles,
  'square-pen': SquarePen,
  'text-initial': TextInitial,
  zap: Zap,
};

/** Points the way that reading goes: turned around where that is from right to left. */
export const DIRECTED: ReadonlySet<string> = new Set(['chevron-left', 'chevron-right', 'external-link']);

/** Null for one that is not known. `vendor:` icons are OpenAI’s own. */
export function iconShapes(name: string): IconShapes | null {
  const own = name.startsWith('lucide:') ? name.slice('lucide:'.length) : name;
  if (Object.hasOwn(ICONS, own)) return ICONS[own]!;
  return name !== own && Object.hasOwn(LUCIDE, own) ? LUCIDE[own]! : null;
}
