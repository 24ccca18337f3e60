//! The trainer on the GPU, through wgpu: the twin of [`cpu`](super::cpu), over WebGPU in the browser
//! and Vulkan elsewhere.
//!
//! - `Gpu` (here): the adapter, or why there is none, and what becomes of it.
//! - [`chunks`]: how a plan is divided among buffers of limited size, and what is refused.
//! - [`plan`]: batches, by row and by column, uploaded once for all rules of a race; `portions`:
//!   how one that is too much for a dispatch is divided.
//! - [`trainer`]: a model in training; its shaders are `model.wgsl` and `rules.wgsl`, beside the
//!   files whose twins they are.
//!
//! The same run on the same adapter gives the same bits; another adapter may round differently, as
//! WGSL leaves it to the adapter how exactly it divides and computes eˣ.

pub mod chunks;
mod pipelines;
pub mod plan;
mod portions;
mod readback;
pub mod trainer;

#[cfg(test)]
mod tests;

use std::future::Future;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use super::columns::LONG_COLUMN;
use super::time_limit::within;
use chunks::TooLarge;

/// Both shaders: `model.wgsl` calls what `rules.wgsl` has.
const SHADER: &str = concat!(include_str!("model.wgsl"), include_str!("rules.wgsl"));

/// A buffer holds no more, whatever the adapter offers: so twice a number of entries is a u32.
const MOST_BYTES: u64 = 1 << 30;

/// Examples of at least this many non-zeros are long.
const LONG_ROW: usize = 1_024;

/// A column or example is long for a software adapter from so many entries on. It has few
/// invocations at once, and a workgroup's barriers cost it more than they save; a sum of more terms,
/// one after the other, would be rounded too often.
const LONG_FOR_SOFTWARE: usize = 16_384;

/// A dispatch has about so many entries at most: a tenth of a second of a software adapter, which
/// the page must be painted by, too.
const MOST_ENTRIES: u64 = 1 << 21;

/// An adapter, or its device, is waited for so long: one in software, asked for the first time on a
/// busy computer, has taken a few seconds.
const REQUEST_SECONDS: u32 = 15;

/// What the GPU was told to do is waited for so long. That is many times what it takes: work is
/// given to it in portions of well under a second, and browsers take a GPU away that works on one for
/// some ten seconds. What was uploaded before, and is to be compiled, is in it.
const ANSWER_SECONDS: u32 = 60;

/// An adapter that is ready. Its clones are the same one.
#[derive(Clone, Debug)]
pub struct Gpu {
    device: wgpu::Device,
    /// Gives it back with the last clone.
    _owned: Rc<Owned>,
    queue: wgpu::Queue,
    adapter: String,
    is_software: bool,
    most_bytes: u64,
    most_entries: u64,
    /// The first thing that went wrong.
    fault: Arc<OnceLock<Fault>>,
    shader: wgpu::ShaderModule,
    /// What the shader calls group 0, and group 1 by row and by column.
    model_layout: wgpu::BindGroupLayout,
    rows_layout: wgpu::BindGroupLayout,
    columns_layout: wgpu::BindGroupLayout,
}

/// A browser would free what is on a device only once it collects garbage, of which it sees little:
/// the next race may need that memory at once.
#[derive(Debug)]
struct Owned(wgpu::Device);

impl Drop for Owned {
    fn drop(&mut self) {
        self.0.destroy();
    }
}

/// Why there is no GPU to train on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoGpu {
    /// The browser has no WebGPU, or not for this page.
    #[error("this browser offers no WebGPU here (it needs https: or localhost)")]
    NotOffered,
    /// Nothing found.
    #[error("no graphics adapter was found: {0}")]
    NoAdapter(String),
    /// Asked for, and no answer.
    #[error(
        "the browser was asked for {wanted} and did not answer within {REQUEST_SECONDS} seconds"
    )]
    NoAnswer {
        /// What was asked for, with its article.
        wanted: String,
    },
    /// Found, but not to be had.
    #[error("the graphics adapter {adapter} gave no device: {reason}")]
    NoDevice {
        /// Its name.
        adapter: String,
        /// What it or the browser said.
        reason: String,
    },
}

/// What went wrong with a GPU: the run goes on with the CPU, from its last completed epoch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The run never fitted.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// An allocation failed.
    #[error("the GPU has too little free memory")]
    OutOfMemory,
    /// The device is gone: unplugged, reset, or taken away.
    #[error("the GPU was lost ({0})")]
    Lost(String),
    /// It was told to do something, and nothing came of it.
    #[error("the GPU did not answer within {ANSWER_SECONDS} seconds")]
    Silent,
    /// An error that nobody expected.
    #[error("the GPU reported an error ({0})")]
    Error(String),
}

impl From<wgpu::Error> for Fault {
    fn from(error: wgpu::Error) -> Self {
        match error {
            wgpu::Error::OutOfMemory { .. } => Self::OutOfMemory,
            error => Self::Error(error.to_string()),
        }
    }
}

impl Gpu {
    /// Asks for the fastest adapter; a software one will do.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn request() -> Result<Self, NoGpu> {
        #[cfg(target_arch = "wasm32")]
        if !is_offered() {
            return Err(NoGpu::NotOffered);
        }
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
            // Vulkan's validation layers, where installed, would take most of the time.
            flags: wgpu::InstanceFlags::empty(),
            ..wgpu::InstanceDescriptor::new_without_display_handle()
        });
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..Default::default()
        };
        let seconds = f64::from(REQUEST_SECONDS);
        let adapter = within(seconds, instance.request_adapter(&options)).await;
        let adapter = adapter.ok_or_else(|| NoGpu::NoAnswer {
            wanted: "a graphics adapter".to_owned(),
        })?;
        let adapter = adapter.map_err(|error| NoGpu::NoAdapter(error.to_string()))?;
        let info = adapter.get_info();
        let offered = adapter.limits();
        let descriptor = wgpu::DeviceDescriptor {
            required_limits: wgpu::Limits {
                max_storage_buffer_binding_size: offered.max_storage_buffer_binding_size,
                max_buffer_size: offered.max_buffer_size,
                ..wgpu::Limits::defaults()
            },
            ..Default::default()
        };
        let device = within(seconds, adapter.request_device(&descriptor)).await;
        let device = device.ok_or_else(|| NoGpu::NoAnswer {
            wanted: ["a device of the graphics adapter ", &info.name].concat(),
        })?;
        let (device, queue) = device.map_err(|error| NoGpu::NoDevice {
            adapter: info.name.clone(),
            reason: error.to_string(),
        })?;
        let most = offered.max_storage_buffer_binding_size;
        Ok(Self::of(
            device,
            queue,
            &info,
            most.min(offered.max_buffer_size),
        ))
    }

    fn of(
        device: wgpu::Device,
        queue: wgpu::Queue,
        info: &wgpu::AdapterInfo,
        most_bytes: u64,
    ) -> Self {
        let fault = Arc::new(OnceLock::new());
        let lost = Arc::clone(&fault);
        device.set_device_lost_callback(move |_, message| {
            // Only the first fault counts: what follows it follows from it.
            let _ = lost.set(Fault::Lost(message));
        });
        let wrong = Arc::clone(&fault);
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            let _ = wrong.set(error.into());
        }));
        let shader = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("sparse"),
            source: wgpu::ShaderSource::Wgsl(SHADER.into()),
        });
        let model_layout = layout(
            &device,
            [(0, UNIFORM), (1, WRITTEN), (2, WRITTEN), (3, WRITTEN)],
        );
        let rows_layout = layout(&device, [0, 1, 2, 3].map(|binding| (binding, READ)));
        let columns_layout = layout(&device, [4, 5, 6, 7, 8].map(|binding| (binding, READ)));
        Self {
            adapter: name(&device, info),
            is_software: info.device_type == wgpu::DeviceType::Cpu,
            most_bytes: most_bytes.min(MOST_BYTES),
            most_entries: MOST_ENTRIES,
            _owned: Rc::new(Owned(device.clone())),
            device,
            queue,
            fault,
            shader,
            model_layout,
            rows_layout,
            columns_layout,
        }
    }

    /// What the adapter is called, for readers.
    #[must_use]
    pub fn adapter(&self) -> &str {
        &self.adapter
    }

    /// Whether the adapter is a program on the processor.
    #[must_use]
    pub fn is_software(&self) -> bool {
        self.is_software
    }

    /// Columns of at least so many entries are added up by a workgroup.
    fn long_column(&self) -> usize {
        self.long(LONG_COLUMN)
    }

    /// Examples of at least so many non-zeros likewise.
    fn long_row(&self) -> usize {
        self.long(LONG_ROW)
    }

    fn long(&self, length: usize) -> usize {
        if self.is_software {
            length.max(LONG_FOR_SOFTWARE)
        } else {
            length
        }
    }

    /// As if it were no program.
    #[cfg(test)]
    fn with_workgroups(mut self) -> Self {
        self.is_software = false;
        self
    }

    /// How many bytes a buffer holds: for [`chunks`].
    #[must_use]
    pub fn most_bytes(&self) -> u64 {
        self.most_bytes
    }

    /// With smaller buffers than the adapter's.
    #[must_use]
    pub fn with_most_bytes(mut self, most_bytes: u64) -> Self {
        self.most_bytes = self.most_bytes.min(most_bytes);
        self
    }

    /// With smaller dispatches.
    #[must_use]
    pub fn with_most_entries(mut self, most_entries: u64) -> Self {
        self.most_entries = self.most_entries.min(most_entries.max(1));
        self
    }

    /// Gives the device back. Every trainer on it fails from now on, as when it is lost.
    pub fn destroy(&self) {
        self.device.destroy();
    }

    /// Does what no adapter takes: writes to a buffer that is only bound.
    #[cfg(test)]
    pub(super) fn be_refused(&self) {
        let buffer = self.buffer("test", 64, wgpu::BufferUsages::STORAGE);
        self.upload(&buffer, 0, &[0; 64]);
    }

    /// Whether all is well.
    ///
    /// # Errors
    /// The first thing that went wrong.
    pub fn check(&self) -> Result<(), Fault> {
        self.fault.get().map_or(Ok(()), |fault| Err(fault.clone()))
    }

    /// What the GPU, or the browser for it, owes. Where that does not come, nothing more is asked.
    ///
    /// # Errors
    /// That it did not come.
    async fn answer<T>(&self, owed: impl Future<Output = T>) -> Result<T, Fault> {
        let answer = within(f64::from(ANSWER_SECONDS), owed).await;
        answer.ok_or_else(|| {
            let _ = self.fault.set(Fault::Silent);
            Fault::Silent
        })
    }

    /// An empty buffer; numbers in it are 0.
    fn buffer(&self, label: &str, bytes: u64, usage: wgpu::BufferUsages) -> wgpu::Buffer {
        self.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some(label),
            // A binding must not be empty.
            size: bytes.max(16),
            usage,
            mapped_at_creation: false,
        })
    }

    /// Writes a little at a time, so that the copies on the way are small.
    fn upload(&self, buffer: &wgpu::Buffer, offset: u64, bytes: &[u8]) {
        const AT_ONCE: usize = 8 << 20;
        for (piece, bytes) in bytes.chunks(AT_ONCE).enumerate() {
            let offset = offset + (piece * AT_ONCE) as u64;
            self.queue.write_buffer(buffer, offset, bytes);
            self.queue.submit([]);
        }
    }

    fn group(
        &self,
        layout: &wgpu::BindGroupLayout,
        first: u32,
        buffers: &[wgpu::BindingResource<'_>],
    ) -> wgpu::BindGroup {
        let entries: Vec<wgpu::BindGroupEntry<'_>> = (first..)
            .zip(buffers)
            .map(|(binding, resource)| wgpu::BindGroupEntry {
                binding,
                resource: resource.clone(),
            })
            .collect();
        self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout,
            entries: &entries,
        })
    }
}

const UNIFORM: wgpu::BindingType = wgpu::BindingType::Buffer {
    ty: wgpu::BufferBindingType::Uniform,
    has_dynamic_offset: true,
    min_binding_size: None,
};
const WRITTEN: wgpu::BindingType = storage(false);
const READ: wgpu::BindingType = storage(true);

const fn storage(read_only: bool) -> wgpu::BindingType {
    wgpu::BindingType::Buffer {
        ty: wgpu::BufferBindingType::Storage { read_only },
        has_dynamic_offset: false,
        min_binding_size: None,
    }
}

fn layout<const N: usize>(
    device: &wgpu::Device,
    bindings: [(u32, wgpu::BindingType); N],
) -> wgpu::BindGroupLayout {
    let entries = bindings.map(|(binding, ty)| wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::COMPUTE,
        ty,
        count: None,
    });
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: None,
        entries: &entries,
    })
}

/// The adapter's name and driver.
#[cfg(not(target_arch = "wasm32"))]
fn name(_: &wgpu::Device, info: &wgpu::AdapterInfo) -> String {
    format!("{} ({})", info.name, info.driver)
}

/// What the browser tells of the adapter; most tell no more than vendor and architecture.
#[cfg(target_arch = "wasm32")]
fn name(device: &wgpu::Device, info: &wgpu::AdapterInfo) -> String {
    let more = device.as_webgpu().map(|device| device.adapter_info());
    let [vendor, architecture] = more.map_or_else(Default::default, |more| {
        [more.vendor(), more.architecture()]
    });
    let parts = [info.name.clone(), vendor, architecture];
    let known: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    if known.is_empty() {
        "an adapter without a name".to_owned()
    } else {
        known.join(", ")
    }
}

/// Whether `navigator.gpu` is there.
#[cfg(target_arch = "wasm32")]
fn is_offered() -> bool {
    let get = |object: &wasm_bindgen::JsValue, key: &str| js_sys::Reflect::get(object, &key.into());
    get(&js_sys::global(), "navigator")
        .and_then(|navigator| get(&navigator, "gpu"))
        .is_ok_and(|gpu| !gpu.is_undefined() && !gpu.is_null())
}
