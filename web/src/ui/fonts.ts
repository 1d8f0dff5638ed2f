/** The fallback for Chinese: slices that a browser fetches only where no font of the system serves. */
import "@fontsource-variable/noto-sans-sc/wght.css";
