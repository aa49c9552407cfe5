import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** The one colour of what can be clicked, light to dark. */
const cobalt: MantineColorsTuple = [
  "#edf2fd",
  "#d6e2fa",
  "#adc5f5",
  "#86aefc",
  "#5d8bea",
  "#3d70dd",
  "#2b61d3",
  "#1f55c4",
  "#1847a6",
  "#123985",
];

/** Neutral greys for the dark scheme, matched to the surfaces of globals.css. */
const dark: MantineColorsTuple = [
  "#e7eaed",
  "#c4cbd2",
  "#9da7b2",
  "#6f7a85",
  "#434b54",
  "#2c3238",
  "#1f2429",
  "#181c20",
  "#111417",
  "#0b0d0f",
];

export const theme = createTheme({
  primaryColor: "cobalt",
  primaryShade: { light: 7, dark: 5 },
  colors: { cobalt, dark },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.375rem", lineHeight: "1.3" },
      h2: { fontSize: "1rem", lineHeight: "1.4" },
      h3: { fontSize: "0.875rem", lineHeight: "1.4" },
    },
  },
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
});
