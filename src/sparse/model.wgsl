// A batch on the GPU: the twin of model.rs. Dispatches, one after the other: `residuals` and
// `residuals_long` by example, then `gather` and `gather_long` by feature. The two of a kind touch
// different examples or features.
//
// Nothing here depends on which invocation runs first: each sum has one invocation or one
// workgroup and a fixed order, so that a run repeats bit for bit on one adapter.

// As in rules.rs, by its place in rules.wgsl.
override RULE: u32;
// Whether entries have values; all are 1 where not, and nothing is bound for them.
override HAS_VALUES: bool;
// Whether there is an intercept; its rank is the number of features.
override HAS_INTERCEPT: bool;
// Columns, and rows, of at least so many entries are long.
override LONG_COLUMN: u32;
override LONG_ROW: u32;

const INVOCATIONS = 64u;

// Where the batch is among the plan's arrays, which places in it are meant, and what is the same
// for all of it.
struct Batch {
    first_row: u32,
    // All its rows, which the intercept's gradient is of.
    rows: u32,
    row_start: u32,
    row_end: u32,
    first_long_row: u32,
    long_rows: u32,
    // Where its margins go.
    first_margin: u32,
    first_column: u32,
    column_start: u32,
    column_end: u32,
    first_long: u32,
    long_start: u32,
    long_end: u32,
    // Whether the intercept comes after the last of these long columns.
    is_intercepts: u32,
    // How many numbers a plane of `cells` has: features and the intercept.
    plane: u32,
    rate: f32,
    epsilon: f32,
    square_decay: f32,
    mean_decay: f32,
    // 1 over the number of rows.
    share: f32,
    l2: f32,
}

@group(0) @binding(0) var<uniform> batch: Batch;
// Weights by rank and then the intercept; behind them as many of each number that the rule keeps.
@group(0) @binding(1) var<storage, read_write> cells: array<f32>;
// By place in the batch.
@group(0) @binding(2) var<storage, read_write> residuals_of_batch: array<f32>;
// By place in the epoch; the host makes the losses of them, in f64.
@group(0) @binding(3) var<storage, read_write> margins: array<f32>;

// For each row, twice its first entry, plus 1 where the label is positive; and where the last ends.
@group(1) @binding(0) var<storage, read> row_starts: array<u32>;
@group(1) @binding(1) var<storage, read> ranks: array<u32>;
@group(1) @binding(2) var<storage, read> row_values: array<f32>;
// As places in the batch.
@group(1) @binding(3) var<storage, read> long_rows: array<u32>;

// As in columns.rs.
@group(1) @binding(4) var<storage, read> features: array<u32>;
@group(1) @binding(5) var<storage, read> column_starts: array<u32>;
@group(1) @binding(6) var<storage, read> examples: array<u32>;
@group(1) @binding(7) var<storage, read> column_values: array<f32>;
@group(1) @binding(8) var<storage, read> long_columns: array<u32>;

// A term of the margin.
fn row_term(entry: u32) -> f32 {
    let weight = cells[ranks[entry]];
    if HAS_VALUES {
        return weight * row_values[entry];
    }
    return weight;
}

// A term of a feature's gradient.
fn column_term(entry: u32) -> f32 {
    let residual = residuals_of_batch[examples[entry]];
    if HAS_VALUES {
        return residual * column_values[entry];
    }
    return residual;
}

// Keeps an example's margin but for the intercept, and what follows from it.
fn keep(row: u32, sum: f32, is_positive: bool) {
    var margin = sum;
    if HAS_INTERCEPT {
        margin += cells[batch.plane - 1u];
    }
    margins[batch.first_margin + row] = margin;

    // |p − y| = σ(s), s being by how much the margin is wrong, without a difference that cancels.
    let small = exp(-abs(margin));
    let wrong_by = select(margin, -margin, is_positive);
    let size = select(small, 1.0, wrong_by >= 0.0) / (1.0 + small);
    residuals_of_batch[row] = select(size, -size, is_positive);
}

// The margin and the residual of one example that is not long: four sums that do not wait for each
// other.
@compute @workgroup_size(INVOCATIONS)
fn residuals(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(num_workgroups) workgroups: vec3u,
    @builtin(local_invocation_index) invocation: u32,
) {
    let row = batch.row_start
        + (workgroup.x + workgroup.y * workgroups.x) * INVOCATIONS
        + invocation;
    if row >= batch.row_end {
        return;
    }
    let packed = row_starts[batch.first_row + row];
    let end = row_starts[batch.first_row + row + 1u] >> 1u;
    var entry = packed >> 1u;
    if end - entry >= LONG_ROW {
        return;
    }
    var sums = vec4f();
    for (; entry + 4u <= end; entry += 4u) {
        sums += vec4f(
            row_term(entry), row_term(entry + 1u), row_term(entry + 2u), row_term(entry + 3u),
        );
    }
    var margin = (sums.x + sums.y) + (sums.z + sums.w);
    for (; entry < end; entry += 1u) {
        margin += row_term(entry);
    }
    keep(row, margin, (packed & 1u) == 1u);
}

var<workgroup> shared_sums: array<f32, INVOCATIONS>;

// The sum of what the invocations of a workgroup have, for the first of them: 8 sum 8 each, 1 sums
// the 8.
fn sum_of_workgroup(own: f32, invocation: u32) -> f32 {
    var sum = own;
    shared_sums[invocation] = sum;
    workgroupBarrier();
    if invocation < 8u {
        for (var other = invocation + 8u; other < INVOCATIONS; other += 8u) {
            sum += shared_sums[other];
        }
        shared_sums[invocation] = sum;
    }
    workgroupBarrier();
    if invocation == 0u {
        for (var other = 1u; other < 8u; other += 1u) {
            sum += shared_sums[other];
        }
    }
    return sum;
}

// The same for an example that is long, by a workgroup: every invocation sums each 64th entry.
@compute @workgroup_size(INVOCATIONS)
fn residuals_long(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(num_workgroups) workgroups: vec3u,
    @builtin(local_invocation_index) invocation: u32,
) {
    let place = workgroup.x + workgroup.y * workgroups.x;
    if place >= batch.long_rows {
        return;
    }
    let row = long_rows[batch.first_long_row + place];
    let packed = row_starts[batch.first_row + row];
    let end = row_starts[batch.first_row + row + 1u] >> 1u;
    var sum = 0.0;
    for (var entry = (packed >> 1u) + invocation; entry < end; entry += INVOCATIONS) {
        sum += row_term(entry);
    }
    sum = sum_of_workgroup(sum, invocation);
    if invocation == 0u {
        keep(row, sum, (packed & 1u) == 1u);
    }
}

// The update of one feature whose column is not long.
@compute @workgroup_size(INVOCATIONS)
fn gather(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(num_workgroups) workgroups: vec3u,
    @builtin(local_invocation_index) invocation: u32,
) {
    let place = batch.column_start
        + (workgroup.x + workgroup.y * workgroups.x) * INVOCATIONS
        + invocation;
    if place >= batch.column_end {
        return;
    }
    let column = batch.first_column + place;
    let end = column_starts[column + 1u];
    var entry = column_starts[column];
    if end - entry >= LONG_COLUMN {
        return;
    }
    var gradient = 0.0;
    for (; entry < end; entry += 1u) {
        gradient += column_term(entry);
    }
    let rank = features[column];
    update(rank, gradient * batch.share + batch.l2 * cells[rank]);
}

// The update of one feature whose column is long, or, after the last of them, of the intercept, by
// a workgroup: every invocation sums each 64th entry.
@compute @workgroup_size(INVOCATIONS)
fn gather_long(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(num_workgroups) workgroups: vec3u,
    @builtin(local_invocation_index) invocation: u32,
) {
    let place = batch.long_start + workgroup.x + workgroup.y * workgroups.x;
    let is_intercept = place == batch.long_end && batch.is_intercepts == 1u;
    if place >= batch.long_end && !is_intercept {
        return;
    }
    var sum = 0.0;
    var rank = batch.plane - 1u;
    if is_intercept {
        for (var row = invocation; row < batch.rows; row += INVOCATIONS) {
            sum += residuals_of_batch[row];
        }
    } else {
        let column = batch.first_column + long_columns[batch.first_long + place];
        rank = features[column];
        let end = column_starts[column + 1u];
        for (var entry = column_starts[column] + invocation; entry < end; entry += INVOCATIONS) {
            sum += column_term(entry);
        }
    }
    sum = sum_of_workgroup(sum, invocation);
    if invocation == 0u {
        update(rank, sum * batch.share + select(batch.l2 * cells[rank], 0.0, is_intercept));
    }
}
