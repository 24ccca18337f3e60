// The update rules on the GPU: the twin of rules.rs, whose equations and names these are.
// Appended to model.wgsl, which gives `batch`, `cells` and the constants of the pipeline.

const SGD = 0u;
const DECAY = 1u;
const COUNTER = 2u;
const ADAGRAD = 3u;
const RMSPROP = 4u;
const ADAM = 5u;

// √x, of the least positive normal number where x is less.
fn root(x: f32) -> f32 {
    return sqrt(max(x, 0x1p-126f));
}

// Moves the weight of that rank, and its state in the planes behind, for a gradient.
fn update(rank: u32, gradient: f32) {
    let first = rank + batch.plane;
    let second = first + batch.plane;
    switch RULE {
        case SGD, DECAY: {
            cells[rank] -= batch.rate * gradient;
        }
        case COUNTER: {
            let n = cells[first] + select(1.0, 0.0, gradient == 0.0);
            cells[first] = n;
            cells[rank] -= batch.rate * gradient / root(n + batch.epsilon);
        }
        case ADAGRAD: {
            let s = cells[first] + gradient * gradient;
            cells[first] = s;
            cells[rank] -= batch.rate * gradient / root(s + batch.epsilon);
        }
        case RMSPROP: {
            let decay = batch.square_decay;
            let s = decay * cells[first] + (1.0 - decay) * (gradient * gradient);
            cells[first] = s;
            cells[rank] -= batch.rate * gradient / root(s + batch.epsilon);
        }
        case ADAM: {
            let decay1 = batch.mean_decay;
            let decay2 = batch.square_decay;
            let m = decay1 * cells[first] + (1.0 - decay1) * gradient;
            let v = decay2 * cells[second] + (1.0 - decay2) * (gradient * gradient);
            cells[first] = m;
            cells[second] = v;
            cells[rank] -= batch.rate * m / (root(v) + batch.epsilon);
        }
        default: {}
    }
}
