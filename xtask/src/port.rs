//! Picking a local port.

use std::net::{Ipv4Addr, TcpListener, TcpStream};

use crate::process::Stop;

const FIRST: u16 = 8080;
const TRIED: u16 = 100;

/// The port asked for, or the first free one from 8080.
///
/// # Errors
/// When the port asked for is taken, or a hundred in a row are.
pub(crate) fn choose(asked: Option<u16>) -> Result<u16, Stop> {
    match asked {
        Some(port) if is_free(port) => Ok(port),
        Some(port) => Err(Stop::new(format!(
            "port {port} is taken; leave --port out to use the next free one"
        ))),
        None => first_free(FIRST, TRIED, is_free).ok_or_else(|| {
            Stop::new(format!(
                "no port from {FIRST} to {} is free; name one with --port",
                FIRST + TRIED - 1
            ))
        }),
    }
}

fn first_free(first: u16, tried: u16, is_free: impl Fn(u16) -> bool) -> Option<u16> {
    (first..first.saturating_add(tried)).find(|port| is_free(*port))
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// Whether somebody answers there.
pub(crate) fn answers(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taken_ports_are_passed_over() {
        assert_eq!(first_free(8080, 100, |_| true), Some(8080));
        assert_eq!(first_free(8080, 100, |port| port > 8081), Some(8082));
        assert_eq!(first_free(8080, 3, |port| port > 8082), None);
    }

    #[test]
    fn a_port_somebody_listens_on_is_taken_and_answers() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(answers(port));
        assert!(choose(Some(port)).is_err_and(|stop| stop.to_string().contains("is taken")));
    }
}
