import { fileURLToPath } from 'node:url';
import { renderAsync } from '@resvg/resvg-js';

/** Brought along: a container has none, and a picture must look the same everywhere. */
const FONTS = [
  import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
].map((url) => fileURLToPath(url));
/** Sharp on the screens of phones. */
const ZOOM = 2;

/** Renders off the event loop. */
export async function toPng(svg: string): Promise<Uint8Array> {
  const image = await renderAsync(svg, {
    font: { fontFiles: FONTS, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' },
    fitTo: { mode: 'zoom', value: ZOOM },
  });
  return image.asPng();
}
