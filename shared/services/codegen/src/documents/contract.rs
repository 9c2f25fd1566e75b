//! What `proto/` declares, with its comments and limits.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use protox::prost_reflect::{
    DescriptorPool, EnumDescriptor, EnumValueDescriptor, FieldDescriptor, FileDescriptor, Kind, MessageDescriptor,
    MethodDescriptor, ServiceDescriptor,
};

/// The contracts of a checkout.
pub(super) struct Contract {
    pool: DescriptorPool,
    /// The comment before each declaration, by its file and its path in it.
    comments: BTreeMap<(String, Vec<i32>), String>,
    /// The files of `proto/` itself.
    own: Vec<String>,
}

/// The name of the option of commands.
const COMMAND: &str = "message.v1.command";

/// What has a comment.
pub(super) trait Declared {
    fn file(&self) -> FileDescriptor;
    fn place(&self) -> &[i32];
}

macro_rules! declared {
    ($($descriptor:ty: $file:expr),+ $(,)?) => {
        $(impl Declared for $descriptor {
            fn file(&self) -> FileDescriptor {
                let file: fn(&Self) -> FileDescriptor = $file;
                file(self)
            }

            fn place(&self) -> &[i32] {
                self.path()
            }
        })+
    };
}

declared! {
    MessageDescriptor: Self::parent_file,
    FieldDescriptor: |field| field.parent_message().parent_file(),
    EnumDescriptor: Self::parent_file,
    EnumValueDescriptor: |value| value.parent_enum().parent_file(),
    ServiceDescriptor: Self::parent_file,
    MethodDescriptor: |method| method.parent_service().parent_file(),
}

impl Contract {
    /// Reads `proto/` below `checkout`, and what it imports.
    ///
    /// # Errors
    /// A file that does not parse.
    pub(super) fn read(checkout: &Path) -> Result<Self> {
        let protos = checkout.join("proto");
        let pool = codegen::descriptors(&[protos.clone(), checkout.join("shared/engine/wire/proto")])?;
        let comments = pool.files().flat_map(|file| comments_in(&file)).collect();
        let own = pool.files().map(|file| file.name().to_owned()).filter(|name| protos.join(name).exists()).collect();
        Ok(Self { pool, comments, own })
    }

    /// The comment before a declaration; empty where there is none.
    pub(super) fn comment(&self, declared: &impl Declared) -> &str {
        let place = (declared.file().name().to_owned(), declared.place().to_vec());
        self.comments.get(&place).map_or("", String::as_str)
    }

    /// The message with this full name.
    ///
    /// # Errors
    /// A name that nothing has.
    pub(super) fn message(&self, name: &str) -> Result<MessageDescriptor> {
        self.pool.get_message_by_name(name).with_context(|| format!("no file declares {name}"))
    }

    /// Whether the message is asked or answered by an RPC, or declared beside these.
    pub(super) fn is_api(&self, message: &MessageDescriptor) -> bool {
        self.pool.services().any(|service| service.package_name() == message.package_name())
    }

    /// Whether a business rule may forbid the command with this full name.
    ///
    /// # Errors
    /// A name that nothing has, or that is no command's.
    pub(super) fn may_be_refused(&self, command: &str) -> Result<bool> {
        let (message, malformed) =
            (self.message(command)?, || format!("{command} is no command: it has no ({COMMAND})"));
        let option = self.pool.get_extension_by_name(COMMAND).with_context(malformed)?;
        let options = message.options();
        let says = options.get_extension(&option);
        let says = says.as_message().and_then(|says| says.get_field_by_name("may_be_refused")?.as_bool());
        says.filter(|_| options.has_extension(&option)).with_context(malformed)
    }

    /// Every service, in the order of the files.
    pub(super) fn services(&self) -> Vec<ServiceDescriptor> {
        self.pool.services().collect()
    }

    /// The messages that stand in files of the checkout's own contracts, not inside of other messages.
    pub(super) fn own_messages(&self) -> Vec<MessageDescriptor> {
        let files = self.pool.files().filter(|file| self.own.iter().any(|name| name == file.name()));
        files.flat_map(|file| file.messages().collect::<Vec<_>>()).collect()
    }
}

fn comments_in(file: &FileDescriptor) -> Vec<((String, Vec<i32>), String)> {
    let locations = file.file_descriptor_proto().source_code_info.iter().flat_map(|info| &info.location);
    let commented = locations.filter_map(|location| {
        let comment = location.leading_comments.as_deref()?;
        Some(((file.name().to_owned(), location.path.clone()), plain(comment)))
    });
    commented.collect()
}

/// The lines of a comment.
fn plain(comment: &str) -> String {
    comment.lines().map(str::trim).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// The messages that these hold, and those that they hold in turn, with these themselves, by their full names.
pub(super) fn with_what_they_hold(
    messages: impl IntoIterator<Item = MessageDescriptor>,
) -> BTreeMap<String, MessageDescriptor> {
    let (mut open, mut known) = (Vec::from_iter(messages), BTreeMap::new());
    while let Some(message) = open.pop() {
        if known.contains_key(message.full_name()) {
            continue;
        }
        open.extend(message.fields().filter_map(|field| match field.kind() {
            Kind::Message(held) if !field.is_map() => Some(held),
            _ => None,
        }));
        known.insert(message.full_name().to_owned(), message);
    }
    known
}
