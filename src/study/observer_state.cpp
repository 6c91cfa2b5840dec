#include "study/observer_state.h"

#include <algorithm>
#include <cmath>

#include "results/summary_table.h"
#include "study/observer.h"

namespace senoma::study {

namespace {

void write_snapshot(const Snapshot& shot, ByteWriter& out) {
  out.number(shot.time);
  out.array(shot.x);
  out.array(shot.y);
  out.array(shot.radius);
  out.array(shot.label);
  out.number(static_cast<std::uint64_t>(shot.fields.size()));
  for (const auto& field : shot.fields) {
    out.text(field.name);
    out.text(field.unit);
    out.number(static_cast<std::int32_t>(field.nx));
    out.number(static_cast<std::int32_t>(field.ny));
    out.array(field.values);
  }
}

Snapshot read_snapshot(ByteReader& in) {
  Snapshot shot;
  shot.time = in.number<double>();
  in.array(shot.x);
  in.array(shot.y);
  in.array(shot.radius);
  in.array(shot.label);
  shot.fields.resize(in.count(4 + 4 + 4 + 4 + 8));
  for (auto& field : shot.fields) {
    field.name = in.text();
    field.unit = in.text();
    field.nx = in.number<std::int32_t>();
    field.ny = in.number<std::int32_t>();
    in.array(field.values);
    if (field.nx <= 0 || field.ny <= 0 ||
        field.values.size() / static_cast<std::size_t>(field.nx) != static_cast<std::size_t>(field.ny))
      in.fail("a map of '" + field.name + "' does not fill its grid");
  }
  if (shot.y.size() != shot.x.size() || shot.radius.size() != shot.x.size() || shot.label.size() != shot.x.size())
    in.fail("a map's columns have different lengths");
  return shot;
}

}  // namespace

void write_observer_state(const ObserverState& s, ByteWriter& out) {
  out.text(s.unit);
  out.number(s.rows_every);
  out.number(s.frames_every);
  out.number(static_cast<std::uint8_t>(s.frames));
  for (const std::int64_t n : {s.next_row, s.next_frame, s.last_row_tick, s.last_frame_tick}) out.number(n);
  out.number(s.n_frames);
  out.number(s.n_field_frames);
  out.number(static_cast<std::uint64_t>(s.table_bytes.size()));
  for (const auto& [name, bytes] : s.table_bytes) {
    out.text(name);
    out.number(bytes);
  }
  out.number(static_cast<std::uint64_t>(s.snapshots.size()));
  for (const auto& shot : s.snapshots) write_snapshot(shot, out);
}

ObserverState read_observer_state(ByteReader& in) {
  ObserverState s;
  s.unit = in.text();
  if (s.unit != "d" && s.unit != "h") in.fail("the unit of time is '" + s.unit.substr(0, 8) + "'");
  s.rows_every = in.number<double>();
  s.frames_every = in.number<double>();
  s.frames = in.flag();
  for (auto* n : {&s.next_row, &s.next_frame, &s.last_row_tick, &s.last_frame_tick}) *n = in.number<std::int64_t>();
  s.n_frames = in.number<std::uint64_t>();
  s.n_field_frames = in.number<std::uint64_t>();
  for (std::size_t n = in.count(4 + 8); n > 0; --n) {
    const std::string name = in.text();
    s.table_bytes[name] = in.number<std::uint64_t>();
  }
  s.snapshots.resize(in.count(8 + 4 * 8 + 8));
  for (auto& shot : s.snapshots) shot = read_snapshot(in);
  return s;
}

double rows_interval(const engine::Description& d, const ObserverState* resumed) {
  if (d.summary_every > 0) return d.summary_every;
  return resumed ? resumed->rows_every : std::max(d.step, d.duration / 200);
}

ObserverState Observer::state() {
  writer_.wait();  // the stores are the writer's while it runs
  ObserverState s;
  s.unit = unit_;
  s.rows_every = rows_every_;
  s.frames_every = frames_every_;
  s.frames = options_.frames;
  s.next_row = next_row_;
  s.next_frame = next_frame_;
  s.last_row_tick = last_row_tick_;
  s.last_frame_tick = last_frame_tick_;
  if (cells_store_) s.n_frames = cells_store_->frames().size();
  if (fields_store_) s.n_field_frames = fields_store_->n_frames();
  for (auto* file : {summary_file_.get(), populations_file_.get(), secretome_file_.get(), events_file_.get()}) {
    file->flush();
    s.table_bytes[file->path().filename().string()] = file->size();
  }
  s.snapshots = snapshots_;
  return s;
}

namespace {

/// The rows of a table so far, back into memory; `tick_length` restores the exact times.
void reread(TimeTable& table, const std::filesystem::path& file, double minutes, double tick_length) {
  const auto text = results::read_table(file);
  for (const double t : text.values.at(0)) table.times.push_back(std::round(t * minutes / tick_length) * tick_length);
  for (std::size_t c = 0; c < table.values.size(); ++c) table.values[c] = text.values.at(c + 1);
}

/// The ordinal of the first due time after `time`.
std::int64_t next_ordinal(double time, double every) {
  return every > 0 ? static_cast<std::int64_t>(std::floor(time / every + 1e-9)) + 1 : 0;
}

}  // namespace

void Observer::resume_from(const ObserverState& s) {
  for (auto* file : {summary_file_.get(), populations_file_.get(), secretome_file_.get(), events_file_.get()}) {
    const auto bytes = s.table_bytes.find(file->path().filename().string());
    if (bytes == s.table_bytes.end())
      throw Error("E6006", "the checkpoint does not know '" + file->path().string() + "'", ErrorKind::input_output);
    file->truncate(bytes->second);
  }
  if (options_.frames) {
    cells_store_->truncate_after(s.last_frame_tick);
    fields_store_->truncate_after(s.last_frame_tick);
    if (cells_store_->frames().size() != s.n_frames || fields_store_->n_frames() != s.n_field_frames) {
      throw Error("E6006", "frames of '" + folder_.string() + "' are missing that its checkpoint counts",
                  ErrorKind::input_output)
          .help("restore cells.zarr and fields.ome.zarr from a copy, or start a new run in another folder");
    }
  }
  const double time = sim_.world.time(), step = sim_.world.step;
  next_row_ = rows_every_ == s.rows_every ? s.next_row : next_ordinal(time, rows_every_);
  next_frame_ = frames_every_ == s.frames_every ? s.next_frame : next_ordinal(time, frames_every_);
  last_row_tick_ = s.last_row_tick;
  last_frame_tick_ = s.last_frame_tick;
  snapshots_ = s.snapshots;
  reread(summary_, summary_file_->path(), minutes_, step);
  reread(populations_, populations_file_->path(), minutes_, step);
  reread(secretome_, secretome_file_->path(), minutes_, step);
}

}  // namespace senoma::study
