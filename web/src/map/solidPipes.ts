/**
 * The pipes as a layer of our own in the map's picture: tubes below the ground, where the library
 * itself draws nothing. Afterwards the depth buffer is emptied, since all it held is underground and
 * everything that follows is above.
 */
import type { CustomLayerInterface, CustomRenderMethodInput, Map as LibreMap } from "maplibre-gl";
import { PIPE_KINDS, type Pipe, type PipeKind } from "./solid";
import { BANDS, rgb, thicker, token } from "./solidLooks";
import type { Shot } from "./solidPick";
import { frameAt, STRIDE, tubesOf, type Frame, type Tubes } from "./solidTubes";
import { maplibregl } from "./maplibre";

const VERTEX = `#version 300 es
in vec3 a_at;
in vec3 a_normal;
in vec4 a_more;
uniform mat4 u_matrix;
uniform float u_deeper;
uniform float u_thicker;
uniform float u_least;
uniform float u_picked;
uniform float u_shown[7];
out vec3 v_normal;
out float v_along;
flat out int v_kind;
flat out float v_picked;
out float v_far;
uniform float u_middle;
void main() {
  vec3 at = vec3(a_at.xy, a_at.z * u_deeper);
  v_kind = int(a_more.z + 0.5);
  v_picked = abs(a_more.w - u_picked) < 0.5 ? 1.0 : 0.0;
  vec4 middle = u_matrix * vec4(at, 1.0);
  float radius = max(a_more.y * u_thicker, u_least * middle.w) * (1.0 + v_picked * 0.9) * u_shown[v_kind];
  v_normal = a_normal;
  v_far = middle.w / u_middle;
  v_along = a_more.x;
  gl_Position = u_shown[v_kind] < 0.5 ? vec4(2.0, 2.0, 2.0, 1.0) : u_matrix * vec4(at + a_normal * radius, 1.0);
}`;
const FRAGMENT = `#version 300 es
precision highp float;
in vec3 v_normal;
in float v_along;
flat in int v_kind;
flat in float v_picked;
uniform vec3 u_colours[7];
uniform vec4 u_bands[7];
uniform vec3 u_band;
uniform vec3 u_mark;
uniform vec3 u_haze;
uniform float u_period;
in float v_far;
out vec4 colour;
void main() {
  float at = fract(v_along / u_period);
  vec4 bands = u_bands[v_kind];
  bool banded = (at >= bands.x && at < bands.y) || (at >= bands.z && at < bands.w);
  vec3 base = banded ? mix(u_colours[v_kind], u_band, 0.6) : u_colours[v_kind];
  base = mix(base, u_mark, v_picked * 0.55);
  float lit = 0.66 + 0.34 * max(0.0, dot(normalize(v_normal), normalize(vec3(-0.3, -0.45, 0.85))));
  colour = vec4(mix(base * lit, u_haze, smoothstep(1.3, 3.4, v_far) * 0.88), 1.0);
}`;
const DROP_VERTEX = `#version 300 es
in vec3 a_at;
uniform mat4 u_matrix;
uniform float u_deeper;
void main() { gl_Position = u_matrix * vec4(a_at.xy, a_at.z * u_deeper, 1.0); }`;
const DROP_FRAGMENT = `#version 300 es
precision highp float;
uniform vec4 u_colour;
out vec4 colour;
void main() { colour = u_colour; }`;

/** Pixels that the thinnest pipe takes to each side. */
const LEAST = 2.1;

interface Program {
  program: WebGLProgram;
  at(name: string): WebGLUniformLocation | null;
}

interface Held {
  tubes: Program;
  drops: Program;
  tubeArray: WebGLVertexArrayObject;
  dropArray: WebGLVertexArrayObject;
  buffers: WebGLBuffer[];
  indices: number;
  points: number;
}

export class PipeLayer implements CustomLayerInterface {
  readonly id = "pipes";
  readonly type = "custom";
  readonly renderingMode = "3d";
  /** Only where the ground is seen through. */
  shown = false;
  deeper = 8;
  kinds: ReadonlySet<PipeKind> = new Set(PIPE_KINDS);
  private pipes: readonly Pipe[] = [];
  private frame: Frame = frameAt([0, 0]);
  private fresh = true;
  private picked = -1;
  private map: LibreMap | null = null;
  private held: Held | null = null;
  private matrix: Float64Array<ArrayBuffer> | null = null;
  private dress = { colours: [] as number[], band: [0, 0, 0], mark: [0, 0, 0], haze: [0, 0, 0], drop: [0, 0, 0] };

  /** What to draw from now on. */
  take(pipes: readonly Pipe[]): void {
    this.pipes = pipes;
    this.frame = frameAt(pipes[0]?.at ?? [0, 0]);
    this.fresh = true;
    this.map?.triggerRepaint();
  }

  pick(id: string | null): void {
    this.picked = id === null ? -1 : this.pipes.findIndex((one) => one.id === id);
    this.map?.triggerRepaint();
  }

  /** What the last picture was taken with; null before the first. */
  shot(): Shot | null {
    const canvas = this.map?.getCanvas();
    if (!canvas || !this.matrix) return null;
    const { width, height } = canvas.getBoundingClientRect();
    return { matrix: this.matrix, frame: this.frame, deeper: this.deeper, width, height };
  }

  onAdd(map: LibreMap, gl: WebGL2RenderingContext): void {
    this.map = map;
    const buffers = [gl.createBuffer(), gl.createBuffer(), gl.createBuffer()] as WebGLBuffer[];
    this.held = {
      tubes: built(gl, VERTEX, FRAGMENT),
      drops: built(gl, DROP_VERTEX, DROP_FRAGMENT),
      tubeArray: gl.createVertexArray()!,
      dropArray: gl.createVertexArray()!,
      buffers,
      indices: 0,
      points: 0,
    };
    this.fresh = true;
    // Put on anew with each style: the theme's colours are read here, not in every picture.
    this.dress = {
      colours: PIPE_KINDS.flatMap((kind) => rgb(token(`--pipe-${kind}`))),
      band: rgb(token("--pipe-band")),
      mark: rgb(token("--text")),
      haze: rgb(token("--solid-ground")),
      drop: rgb(token("--map-text")),
    };
  }

  onRemove(_map: LibreMap, gl: WebGL2RenderingContext): void {
    const held = this.held;
    if (!held) return;
    held.buffers.forEach((one) => gl.deleteBuffer(one));
    gl.deleteVertexArray(held.tubeArray);
    gl.deleteVertexArray(held.dropArray);
    gl.deleteProgram(held.tubes.program);
    gl.deleteProgram(held.drops.program);
    this.held = null;
    this.map = null;
  }

  render(gl: WebGL2RenderingContext, input: CustomRenderMethodInput): void {
    const held = this.held;
    if (!held || !this.map) return;
    this.matrix = placedMatrix(input.defaultProjectionData.mainMatrix as ArrayLike<number>, this.frame.origin);
    if (!this.shown || !this.pipes.length) return;
    if (this.fresh) this.fill(gl, held, tubesOf(this.pipes, this.frame));
    gl.disable(gl.CULL_FACE);
    this.drawTubes(gl, held);
    this.drawDrops(gl, held);
    gl.bindVertexArray(null);
    gl.clear(gl.DEPTH_BUFFER_BIT);
  }

  private fill(gl: WebGL2RenderingContext, held: Held, tubes: Tubes): void {
    const [corners, order, drops] = held.buffers as [WebGLBuffer, WebGLBuffer, WebGLBuffer];
    gl.bindVertexArray(held.tubeArray);
    gl.bindBuffer(gl.ARRAY_BUFFER, corners);
    gl.bufferData(gl.ARRAY_BUFFER, tubes.vertices, gl.STATIC_DRAW);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, order);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, tubes.indices, gl.STATIC_DRAW);
    let from = 0;
    for (const [name, size] of [["a_at", 3], ["a_normal", 3], ["a_more", 4]] as const) {
      const at = gl.getAttribLocation(held.tubes.program, name);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, size, gl.FLOAT, false, STRIDE * 4, from);
      from += size * 4;
    }
    gl.bindVertexArray(held.dropArray);
    gl.bindBuffer(gl.ARRAY_BUFFER, drops);
    gl.bufferData(gl.ARRAY_BUFFER, tubes.drops, gl.STATIC_DRAW);
    const at = gl.getAttribLocation(held.drops.program, "a_at");
    gl.enableVertexAttribArray(at);
    gl.vertexAttribPointer(at, 3, gl.FLOAT, false, 0, 0);
    gl.bindVertexArray(null);
    held.indices = tubes.indices.length;
    held.points = tubes.drops.length / 3;
    this.fresh = false;
  }

  private drawTubes(gl: WebGL2RenderingContext, held: Held): void {
    const { program, at } = held.tubes;
    const metres = metresPerPixel(this.map!);
    gl.useProgram(program);
    gl.uniformMatrix4fv(at("u_matrix"), false, new Float32Array(this.matrix!));
    gl.uniform1f(at("u_deeper"), this.deeper);
    gl.uniform1f(at("u_thicker"), thicker(this.deeper));
    const middle = middleDepth(this.map!, this.matrix!, this.frame);
    gl.uniform1f(at("u_middle"), middle);
    gl.uniform1f(at("u_least"), (LEAST * metres) / middle);
    gl.uniform1f(at("u_picked"), this.picked);
    gl.uniform1f(at("u_period"), 2 ** Math.round(Math.log2(26 * metres)));
    gl.uniform1fv(at("u_shown"), PIPE_KINDS.map((kind) => (this.kinds.has(kind) ? 1 : 0)));
    gl.uniform3fv(at("u_colours"), this.dress.colours);
    gl.uniform4fv(at("u_bands"), PIPE_KINDS.flatMap((kind) => BANDS[kind]));
    gl.uniform3fv(at("u_band"), this.dress.band);
    gl.uniform3fv(at("u_mark"), this.dress.mark);
    gl.uniform3fv(at("u_haze"), this.dress.haze);
    gl.bindVertexArray(held.tubeArray);
    gl.drawElements(gl.TRIANGLES, held.indices, gl.UNSIGNED_INT, 0);
  }

  private drawDrops(gl: WebGL2RenderingContext, held: Held): void {
    const { program, at } = held.drops;
    gl.useProgram(program);
    gl.uniformMatrix4fv(at("u_matrix"), false, new Float32Array(this.matrix!));
    gl.uniform1f(at("u_deeper"), this.deeper);
    const [r = 0, g = 0, b = 0] = this.dress.drop;
    // The picture's colours are premultiplied.
    gl.uniform4f(at("u_colour"), r * 0.35, g * 0.35, b * 0.35, 0.35);
    gl.bindVertexArray(held.dropArray);
    gl.drawArrays(gl.LINES, 0, held.points);
  }
}

function built(gl: WebGL2RenderingContext, vertex: string, fragment: string): Program {
  const program = gl.createProgram()!;
  for (const [type, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]] as const) {
    const shader = gl.createShader(type)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(gl.getProgramInfoLog(program) ?? "no program");
  }
  const places = new Map<string, WebGLUniformLocation | null>();
  const at = (name: string): WebGLUniformLocation | null => {
    if (!places.has(name)) places.set(name, gl.getUniformLocation(program, name));
    return places.get(name) ?? null;
  };
  return { program, at };
}

/** From metres round a place to clip space; moved in double precision, else pipes would tremble. */
function placedMatrix(main: ArrayLike<number>, origin: [number, number]): Float64Array<ArrayBuffer> {
  const zero = maplibregl.MercatorCoordinate.fromLngLat(origin, 0);
  const unit = zero.meterInMercatorCoordinateUnits();
  const out = new Float64Array(16);
  for (let row = 0; row < 4; row += 1) {
    out[row] = main[row]! * unit;
    out[row + 4] = -main[row + 4]! * unit;
    out[row + 8] = main[row + 8]! * unit;
    out[row + 12] = main[row]! * zero.x + main[row + 4]! * zero.y + main[row + 12]!;
  }
  return out;
}

function metresPerPixel(map: LibreMap): number {
  const around = 40_075_016.7 * Math.cos((map.getCenter().lat * Math.PI) / 180);
  return around / (512 * 2 ** map.getZoom());
}

/** How deep in the picture its middle is, to tell pixels there from metres. */
function middleDepth(map: LibreMap, m: Float64Array<ArrayBuffer>, frame: Frame): number {
  const { lng, lat } = map.getCenter();
  return m[3]! * frame.east(lng) + m[7]! * frame.north(lat) + m[15]! || 1;
}
