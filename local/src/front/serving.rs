//! Small HTTP servers on threads of their own, so that they live as long as their owner and not as long as some runtime.

use std::net::{SocketAddr, TcpListener};
use std::thread::JoinHandle;

use anyhow::{Context, Result};
use axum::Router;
use tokio::sync::oneshot;

/// A running HTTP server on 127.0.0.1; it stops on drop.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// A port that is ours already, while nothing answers on it yet.
#[derive(Debug)]
pub struct Reserved {
    listener: TcpListener,
    address: SocketAddr,
}

impl Reserved {
    /// Takes `preferred` when it is free, any free port otherwise.
    ///
    /// # Errors
    /// When this machine has no free port.
    pub fn port(preferred: Option<u16>) -> Result<Self> {
        let wanted = preferred.and_then(|port| TcpListener::bind(("127.0.0.1", port)).ok());
        let listener = match wanted {
            Some(listener) => listener,
            None => TcpListener::bind(("127.0.0.1", 0)).context("no free port on 127.0.0.1")?,
        };
        listener.set_nonblocking(true).context("cannot prepare the port")?;
        let address = listener.local_addr().context("the port has no address")?;
        Ok(Self { listener, address })
    }

    /// The address a server here will have, without a trailing "/".
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves `router` here.
    ///
    /// # Errors
    /// When the thread or its runtime cannot be made.
    pub fn serve(self, router: Router) -> Result<Server> {
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("no runtime")?;
        let Self { listener, address } = self;
        let thread = std::thread::Builder::new().name(format!("serve {address}")).spawn(move || {
            runtime.block_on(async move {
                let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
                let serving = axum::serve(listener, router).into_future();
                // Open connections are cut, not drained: a client that keeps one open must not keep us.
                tokio::select! { _ = serving => {}, _ = stopped => {} }
            });
        });
        Ok(Server { address, stop: Some(stop), thread: Some(thread.context("no thread")?) })
    }
}

impl Server {
    /// The server's address, without a trailing "/".
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The server's port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
