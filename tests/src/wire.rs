//! A wire to a server that can be cut: a connection is lost at a moment that a test chooses.

#![allow(clippy::unwrap_used, reason = "for tests")]

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Leads every connection on to a server, until it is cut. It lies there until the process ends.
pub struct Wire {
    /// Where it begins.
    pub port: u16,
    cut: Arc<Mutex<Option<Cut>>>,
}

/// When a connection is lost.
#[derive(Debug, Clone, Copy)]
pub enum Cut {
    /// When these words are about to be sent: the server never hears of them.
    Before(&'static str),
    /// When the server has answered them: the program never hears of that.
    After(&'static str),
    /// When the server answers next.
    Answer,
}

impl Wire {
    /// A wire to the server at this address.
    #[must_use]
    pub fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let wire = Self { port: listener.local_addr().unwrap().port(), cut: Arc::default() };
        let cut = Arc::clone(&wire.cut);
        std::thread::spawn(move || {
            for program in listener.incoming().map_while(Result::ok) {
                let Ok(server) = TcpStream::connect(server) else { continue };
                lay(&program, &server, &cut);
                lay_back(&server, &program, &cut);
            }
        });
        wire
    }

    /// Cuts it once.
    pub fn cut(&self, cut: Cut) {
        *self.cut.lock().unwrap() = Some(cut);
    }
}

/// What the program sends goes to the server.
fn lay(program: &TcpStream, server: &TcpStream, cut: &Arc<Mutex<Option<Cut>>>) {
    let cut = Arc::clone(cut);
    pass(program, server, move |sent| {
        let says = |words: &str| sent.windows(words.len()).any(|part| part.eq_ignore_ascii_case(words.as_bytes()));
        let mut cut = cut.lock().unwrap();
        match *cut {
            Some(Cut::Before(words)) if says(words) => {
                *cut = None;
                false
            }
            Some(Cut::After(words)) if says(words) => {
                *cut = Some(Cut::Answer);
                true
            }
            _ => true,
        }
    });
}

/// What the server answers goes to the program.
fn lay_back(server: &TcpStream, program: &TcpStream, cut: &Arc<Mutex<Option<Cut>>>) {
    let cut = Arc::clone(cut);
    pass(server, program, move |_| cut.lock().unwrap().take_if(|cut| matches!(cut, Cut::Answer)).is_none());
}

fn pass(from: &TcpStream, to: &TcpStream, mut may: impl FnMut(&[u8]) -> bool + Send + 'static) {
    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
    std::thread::spawn(move || {
        let mut bytes = [0; 65_536];
        while let Ok(1..) = from.read(&mut bytes).and_then(|read| {
            if read > 0 && may(&bytes[..read]) { to.write_all(&bytes[..read]).map(|()| read) } else { Ok(0) }
        }) {}
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    });
}
