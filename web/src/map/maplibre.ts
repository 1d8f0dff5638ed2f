/** The one door to the map library; its worker is a file of ours, so the policy needs no blob:. */
import * as maplibregl from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";

maplibregl.setWorkerUrl(workerUrl);

export { maplibregl };

export function canDraw(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}
