//! Small HTTP servers on threads of their own, so that a server lives as long as its owner and needs no runtime of the owner's.

use std::net::{SocketAddr, TcpListener};
use std::thread::JoinHandle;

use anyhow::{Context, Result};
use axum::Router;
use tokio::sync::oneshot;

use crate::front::guard::by_its_own_names;

/// A running HTTP server on 127.0.0.1; it stops on drop.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// A port that this process holds, before a server answers on it.
#[derive(Debug)]
pub struct Reserved {
    listener: TcpListener,
    address: SocketAddr,
}

impl Reserved {
    /// Takes the port `preferred` if it is free, and any free port otherwise.
    ///
    /// # Errors
    /// When this machine has no free port.
    pub fn port(preferred: Option<u16>) -> Result<Self> {
        let wanted = preferred.and_then(|port| TcpListener::bind(("127.0.0.1", port)).ok());
        let listener = match wanted {
            Some(listener) => listener,
            None => TcpListener::bind(("127.0.0.1", 0))
                .context("127.0.0.1 has no free port: end a program that listens there")?,
        };
        listener.set_nonblocking(true).context("cannot prepare the port")?;
        let address = listener.local_addr().context("the port has no address")?;
        Ok(Self { listener, address })
    }

    /// The address of the server to come, without a trailing "/".
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves `router` on the port, to those who call it by its own names.
    ///
    /// # Errors
    /// When the thread or its runtime cannot be made.
    pub fn serve(self, router: Router) -> Result<Server> {
        let router = by_its_own_names(router, self.address.port());
        self.serve_as_it_is(router)
    }

    /// Serves `router` to whoever comes, as a server does that stands behind another and is called by that other's name.
    ///
    /// # Errors
    /// As [`Reserved::serve`].
    #[cfg(test)]
    pub(crate) fn serve_behind_another(self, router: Router) -> Result<Server> {
        self.serve_as_it_is(router)
    }

    fn serve_as_it_is(self, router: Router) -> Result<Server> {
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("no runtime")?;
        let Self { listener, address } = self;
        let thread = std::thread::Builder::new().name(format!("serve {address}")).spawn(move || {
            runtime.block_on(async move {
                let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
                let serving = axum::serve(listener, router).into_future();
                // Open connections are cut, not drained: a client that keeps a connection open must not keep the server.
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
